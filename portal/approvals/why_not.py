"""Why something may not be done with a case, and what to do instead: a sentence for every refusal of the engine."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

# -- where the case is -----------------------------------------------------------------------------------------

_CASE = {
    "finished": _l("This is over (%(status)s), so nothing more can be decided on it, and its content stays as it is."),
    "not_finished": _l("This is not over, so it cannot be reopened. Cancel or return it instead."),
    "suspended": _l("This is suspended, so nothing is decided on it now. Whoever has it can resume it."),
    "not_suspended": _l("This is not suspended, so there is nothing to resume."),
    "already_submitted": _l(
        "This has been submitted and is under review. To change it, recall it, or ask a reviewer to return it."
    ),
    "not_submitted": _l(
        "This is not under review now (%(status)s). It can be decided on or recalled after it is submitted."
    ),
    "document_issued": _l(
        "A document has been issued on this, so it cannot be reopened. Correct or replace the document instead."
    ),
    "no_stage_applies": _l(
        "No stage of the approval chain applies to this, so nobody would have approved it. "
        "Ask the administrator of the portal to check the conditions of the chain."
    ),
    "nobody_cosigned": _l(
        "The document is signed by two, and nobody has approved at the stage “%(stage)s”, where the second signs. "
        "Return the report to that stage, or ask the administrator of cases to move it there."
    ),
    "nobody_eligible": _l(
        "Nobody can take the step “%(step)s” in the stage “%(stage)s”: it needs %(needed)s people who took no part "
        "in drafting, and there are %(found)s. Ask your unit administrator to fill the post, then send it again."
    ),
    "no_chain": _l(
        "There is no approval chain for this form, so it cannot be submitted. Tell the administrator of the portal."
    ),
    "several_chains": _l(
        "Several approval chains are meant for this: %(chains)s. It was not submitted, for the choice would be "
        "arbitrary. Ask the administrator of the portal to make their conditions exclude each other."
    ),
}

# -- the submitter ---------------------------------------------------------------------------------------------

_SUBMITTER = {
    "not_initiator": _l(
        "Only %(initiator)s, who began this, may submit or recall it. Ask %(initiator)s if it should be done."
    ),
    "choice_needed": _l(
        "Choose who takes the step “%(step)s” in the stage “%(stage)s”: at least one person, at most %(most)s."
    ),
    "bad_choice": _l(
        "For the step “%(step)s” in the stage “%(stage)s” somebody was chosen who is not in the list, or somebody was "
        "chosen twice. Choose from the list, each person once."
    ),
    "decided_in_round": _l(
        "%(person)s has already decided on this (%(stage)s, %(step)s), so it can no longer be recalled. "
        "Ask to have it back: a reviewer can return it to you."
    ),
    "in_hand": _l(
        "%(person)s has taken this in hand, so it can no longer be recalled. "
        "Ask to have it back: a reviewer can return it to you."
    ),
    "unanswered": _l(
        "These comments have neither an answer nor a change of what they are about: %(anchors)s. "
        "Answer each, or change it, then submit again."
    ),
    "recall_instead": _l("Nobody has taken this in hand yet, so you need not ask: recall it."),
    "already_requested": _l("You have asked to have this back already. Those who have it can see that."),
}

# -- the one who decides ---------------------------------------------------------------------------------------

_DECIDER = {
    "own_draft": _l(
        "You took part in drafting this, and nobody decides on his own draft. Another reviewer has to decide."
    ),
    "decided_in_stage": _l(
        "You have already decided in this stage (%(stage)s), and everyone decides in it once. "
        "Another reviewer has to do the rest."
    ),
    "advises_only": _l("You were asked for an opinion here, and others decide. Give your opinion."),
    "decides_himself": _l("You decide here yourself, so no opinion is asked of you. Approve, return or reject it."),
    "not_your_item": _l("The present stage (%(stage)s) waits for %(people)s. If it is urgent, ask them to decide."),
    "already_decided": _l(
        "%(person)s has already decided for this step (%(step)s). You need not do anything more here."
    ),
    "must_wait": _l("%(people)s was asked to decide before you. Your turn comes afterwards."),
    "claimed": _l(
        "%(person)s has taken this step (%(step)s). If you should do it instead, ask %(person)s to give it back."
    ),
    "already_yours": _l("You have taken this step already."),
    "sole_owner": _l("You are the only one who can take this step, so you need not take it from others."),
    "not_claimed": _l("You have not taken this step, so there is nothing to give back."),
    "already_in_hand": _l("%(person)s has taken this in hand already."),
    "no_emergency": _l("This approval chain knows no approval in an emergency."),
    "already_emergency": _l("%(person)s has approved this in an emergency already."),
    "not_for_emergency": _l("Only these people may approve this in an emergency: %(people)s."),
    "post_not_held": _l(
        "This was given to you as %(post)s (%(unit)s), and you no longer hold that post. "
        "Ask your unit administrator who decides now."
    ),
    "delegation_over": _l(
        "You were to decide here for %(person)s. That is over: the delegation has ended, or %(person)s no longer holds "
        "the post. You need not do anything more here."
    ),
    "seats_current": _l("Those who have this are still the same."),
    "action_not_offered": _l("This step (%(step)s) does not offer that. You may choose: %(offered)s."),
    "reason_required": _l("A reason is needed here. Write what must change and why, then send again."),
    "bad_target": _l("It cannot go back to “%(to)s” from here. You may choose: %(targets)s."),
    "nothing_edited": _l(
        "Nothing is different from what was submitted. Change what has to be mended, or approve it as it is."
    ),
    "not_editable": _l(
        "This step does not let you change these parts: %(sections)s. Return the report with your reason instead."
    ),
    "approved_as_it_was": _l(
        "In the same stage this was approved as it is by %(people)s, so it cannot be changed now. Approve it as it is, "
        "or return it with your reason."
    ),
    "edited_unseen": _l(
        "Nobody would decide on this after you, so nobody would see what you changed. Approve it as it is, or return "
        "it with your reason."
    ),
    "needed_elsewhere": _l(
        "Only you can take another step of this stage: %(steps)s. Decide that one; others can take “%(step)s”."
    ),
}

# -- bringing others in ----------------------------------------------------------------------------------------

_NEWCOMERS = {
    "in_person": _l("Who has this step (%(step)s) decides it himself, so it cannot be delegated."),
    "already_delegated": _l(
        "You act here for %(person)s, and what was delegated is not delegated further. Give it back by asking "
        "the administrator to reassign it."
    ),
    "to_oneself": _l("You cannot choose yourself. Choose somebody else."),
    "drafted_it": _l("%(person)s took part in drafting this and cannot decide or advise on it. Choose another."),
    "nobody_named": _l("Choose somebody first."),
    "has_decided": _l("%(person)s has decided on this already. Choose somebody else."),
    "has_item": _l("%(person)s is asked here already. Choose somebody else."),
    "outsider": _l(
        "The person you chose cannot be brought in here: that takes a post in a unit that has to do with this, and the "
        "right to decide. Choose from the list."
    ),
    "nobody_to_bring_in": _l("There is nobody here whom you could choose."),
    "not_in_a_vote": _l("In this stage (%(stage)s) it is voted, and nobody can be added to a vote."),
    "not_commenting": _l("This does not wait for you now, so you cannot comment on it. Your text is below, to copy."),
    "no_such_place": _l("What you commented on is not in this round any more. Read it again; your text is below."),
    "row_needed": _l("You chose a column but no row. Choose the row as well; your text is below."),
    "too_many_comments": _l("There are %(most)s comments of yours already. Put the rest into your reason."),
    "no_such_item": _l("This piece of work is no longer open. Look at the case as it is now."),
    "nothing_due": _l("Nothing is due here by the clock."),
    "same_version": _l("This runs on that version of the chain already."),
    "decided_by_move": _l(
        "By this move alone the case would be approved or a document issued, and no move decides. Choose another "
        "stage, or let those who have it decide first."
    ),
    "document_twice": _l(
        "The document “%(document)s” was issued already, and under this version it would be issued a second time."
    ),
    "not_administrator": _l("Only an administrator of cases may do this."),
}

# -- moving cases ----------------------------------------------------------------------------------------------

_MOVES = {
    "other_form": _l("That version is not for this kind of report."),
    "stage_to_choose": _l("Choose above into which stage it goes: that version has none of the name."),
    "no_second_signature": _l("It waits for the second signature after an emergency, which that version has not."),
    "moved_on": _l("Something happened since it was moved, so it stays where it is."),
}

SENTENCES = {**_CASE, **_SUBMITTER, **_DECIDER, **_NEWCOMERS, **_MOVES}
"""Code → sentence; parameters in `%(name)s`."""
