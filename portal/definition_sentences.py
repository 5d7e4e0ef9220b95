"""What is said of a definition that cannot be published: a sentence for each code of a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFINITION_SENTENCES: Mapping[str, Any] = {
    "missing_key": _l("This is missing. Add it."),
    "unknown_key": _l("This is not known here. Remove it, or use one of: %(known)s."),
    "wrong_type": _l("Another kind of value is expected: %(expected)s."),
    "too_few": _l("There are too few: at least %(least)s."),
    "too_many": _l("There are too many: at most %(most)s."),
    "blank": _l("The text is blank. Fill it in."),
    "too_long": _l("The text is too long: at most %(most)s characters."),
    "bad_character": _l("The text holds a character that cannot be printed. Type the text again."),
    "bad_word": _l("A word of this shape is expected: %(pattern)s."),
    "not_one_of": _l("Use one of: %(allowed)s."),
    "out_of_range": _l("A number from %(least)s to %(most)s is expected."),
    "duplicate": _l("“%(value)s” stands here twice. Each may stand once."),
    "reserved": _l("“%(value)s” has a meaning of its own. Choose another word."),
    "too_many_steps": _l("The chain has too many steps: at most %(most)s."),
    "approve_missing": _l("Every step must offer “approve”. Add it."),
    "no_way_to_refuse": _l("Every step must offer “return” or “reject”, or it would be no decision. Add one."),
    "unit_needed": _l("Say which unit is meant."),
    "unit_not_meant": _l("A unit is named only where the place is “unit”. Remove it, or change the place."),
    "field_needed": _l("Say which field of the form names the unit."),
    "field_not_meant": _l("A field is named only where the place is “field”. Remove it, or change the place."),
    "one_of_these": _l("Give exactly one of these: %(allowed)s."),
    "advisers_do_not_decide": _l("Who advises decides nothing, so this has no meaning here. Remove it."),
    "vote_needs_one_refusal": _l(
        "In a vote all who decide must be offered “approve” and the same one way to refuse: “return” or “reject”."
    ),
    "cosigned_too_late": _l(
        "The stage “%(stage)s” does not come before the one after which the document is issued. Whoever signs beside "
        "has decided by then: name an earlier stage."
    ),
    "cosigned_perhaps": _l(
        "The stage “%(stage)s” has a condition, so there may be nobody who signs beside. Take the condition away, or "
        "name another stage."
    ),
    "cosigned_in_emergency": _l(
        "Approved at once, it would be issued without the signature beside. Take the emergency approval away, or the "
        "second signature."
    ),
    "signs_unseen": _l(
        "After the stage “%(stage)s” a document is signed, so its people have to be asked in each round. "
        "Take “ask_again” off its steps."
    ),
    "signs_unread": _l(
        "After the stage “%(stage)s” a document is signed, so its people must read everything. "
        "Take “reads” off the steps that decide in it."
    ),
    "has_a_chain": _l(
        "Reports of this form already go through “%(chain)s”, for which there is no condition either. "
        "Give one of the two a condition, or leave the form to one of them."
    ),
    "only_yes_or_no": _l(
        "What is asked here is answered with yes or no, never with “%(value)s”. Choose yes or no; "
        "in YAML true or false."
    ),
    "never_no": _l("This is yes or it is not said, but never “%(value)s”. Compare it with yes, by “is” or “is not”."),
    "no_such_answer": _l("“%(value)s” is never the answer to what is asked here. Use one of: %(allowed)s."),
    "no_date": _l(
        "What is asked here is a date, never “%(value)s”. Give a date such as 31/01/2025; in YAML 2025-01-31."
    ),
    "no_number": _l("What is asked here is a number, never “%(value)s”. Give a number such as 60,74; in YAML 60.74."),
    "no_text": _l("What is asked here is a text, never “%(value)s”. Give a text."),
    "name_taken": _l("The portal itself has an input called %(name)s. Give the field another name."),
    "bad_pattern": _l("This pattern cannot be used: %(problem)s. Write it in the syntax of RE2, without looking back."),
    "still_drafted": _l("%(key)s is only a draft. Publish it first, or both together on the page of the process."),
    "no_such_unit": _l("There is no unit with the code %(unit)s. Use the code of a unit that exists."),
    "letter_needs_drafter": _l(
        "The symbol of an official letter ends with the code of the unit that drafted it, in capitals, such as PC06. "
        "Fill it in."
    ),
    "no_such_question": _l(
        "The template prints the answer to “%(name)s”, and the form “%(form)s” has no such question that a sentence "
        "can answer. Name another question, or ask this one."
    ),
    "answer_printed": _l(
        "The template “%(document)s” prints the answer to “%(name)s”, which this form does not ask. Ask it, or change "
        "the template first."
    ),
    "given_without_rows": _l(
        "A column is given something only in a table that is given the units that are late. Give the table those, or "
        "take this off the column."
    ),
    "no_such_indicator": _l(
        "There is no indicator with the key %(indicator)s. Add it to the indicators, or choose one that exists."
    ),
    "other_figure": _l(
        "The indicator “%(indicator)s” is made of another kind of figure. Choose an indicator of the kind that is "
        "asked for here, or ask for the kind of figure that it is made of."
    ),
    "no_such_post": _l(
        "The unit %(unit)s has no post of these kinds, so nobody could ever take the step. Add a post, or name another."
    ),
    "budget_needed": _l("Reminders are counted from the end of a budget of working hours. Say “budget” as well."),
    "rungs_out_of_order": _l("This must be later than %(after)s working hours from the end of the budget. Sort them."),
    "nothing_after_expiry": _l("What expires goes back to its drafter, so nothing can come after it. Put it last."),
    "escalates_one": _l(
        "A step is given to further people only where one of them takes it. Take “to” off, or “taken_by”."
    ),
    "edits_alone": _l(
        "Whoever may change the content must be the only one who decides in the stage, so that nobody approves it "
        "otherwise. Put the other steps into a stage of their own, and let one person take this one."
    ),
    "edits_signed": _l(
        "After the stage “%(stage)s” a document is signed, so nobody may change the content in it or after it. Take "
        "“edits” off those steps, or let the document come after the last of them."
    ),
    "edits_unseen": _l(
        "Nobody decides after this stage, so nobody would see what was changed in it. Take “edits” off, or add a stage."
    ),
    "beyond_reading": _l(
        "Nobody decides on what he does not read, nor changes it: %(sections)s. Say in “covers” which of the sections "
        "that the step reads it decides on."
    ),
    "nobody_signs": _l("Nobody decides in the stage “%(stage)s”, so nobody would sign the document. Name another."),
    "day_out_of_range": _l("A day from %(least)s to %(most)s is expected."),
    "hours_out_of_order": _l("These hours must begin after %(after)s. Put the hours of a day in order."),
    "no_working_hours": _l("No day of the week has working hours. Give at least one some."),
    "since_out_of_order": _l("These hours must hold from a day after %(after)s. Put them in order."),
    "hours_begin_late": _l("No working hours are given for the first day, %(first)s. Let them hold from that day on."),
    "not_the_next_year": _l("The year %(expected)s is expected here: years follow each other."),
    "not_a_working_day": _l("%(day)s is no working day, so it cannot be exchanged for another day."),
    "not_a_day_off": _l("%(day)s is a working day already, so it cannot make up for another day."),
    "regime_needs": _l(
        "A report of this regime says in “%(key)s” for when it is owed. Use that, or change the regime."
    ),
    "not_with_windows": _l("The windows are listed one by one, so this says nothing. Remove it."),
    "weeks_alone": _l("Weeks do not end with months. Make a schedule of its own for the weekly report."),
    "not_replaceable": _l(
        "A report replaces only those of shorter periods that end on the same day and that the schedule asks for. "
        "Remove this, or add it to “every”."
    ),
    "nobody_owes": _l("Say which units report here: by “kinds”, by “units”, or by both."),
    "nothing_excepted": _l("Units are excepted from kinds of units, and none is named. Add “kinds”, or remove this."),
    "before_has_no_time": _l(
        "“before” a day ends with the day before it, so no time can be given. Remove it, or use “no_later_than”."
    ),
    "deadline_does_not_fit": _l("For these periods a deadline is given by one of: %(allowed)s."),
    "one_window_only": _l(
        "One date cannot be the deadline of several windows. Count working days instead, or make a schedule for each."
    ),
    # warnings about the coming days of a schedule
    "due_before_cut_off": _l("The deadline %(day)s is before the cut-off %(cut_off)s. Check both."),
    "less_than_a_working_day": _l(
        "From the cut-off %(cut_off)s to the deadline %(day)s there is no whole working day, and Decree 09/2019, "
        "article 8, asks for at least one. Choose a later deadline."
    ),
    "due_on_day_off": _l("The deadline %(day)s is a day off and is not shifted. Choose “shift”, or another day."),
    "due_in_holiday": _l(
        "The deadline %(day)s is a holiday (%(holiday)s) and is not shifted. Choose “shift”, or another day."
    ),
    "moved_by_holiday": _l("The deadline %(raw)s is shifted to %(day)s by a holiday: %(holiday)s."),
    "holiday_in_between": _l("Between the cut-off %(cut_off)s and the deadline %(day)s lies a holiday: %(holiday)s."),
    "due_before_lower_level": _l(
        "The deadline %(day)s is before that of the level below, “%(name)s” (%(lower)s), whose reports are needed "
        "for it. Choose a later one."
    ),
    "beyond_calendar": _l(
        "The calendar “%(calendar)s” knows the days from %(first)s to %(last)s only, so some deadlines cannot be told. "
        "Publish it with further years."
    ),
    "year_not_announced": _l(
        "The days off of %(year)s are not decided yet, so the deadlines of that year are estimates."
    ),
    "bad_operator": _l("This is no condition. Use one of: %(allowed)s."),
    "guard_too_deep": _l("The condition is nested too deeply: at most %(most)s levels."),
    "guard_too_big": _l("The condition is too long: at most %(most)s parts."),
    "bounds_crossed": _l("The upper bound is below the lower one (%(least)s). Correct one of them."),
    "unknown_fact": _l("No answer of this form gives “%(fact)s”. Name a field of the form, or a part of its answer."),
    "in_a_circle": _l("These fields depend on each other in a circle: %(fields)s. Let one of them stand by itself."),
    "bad_formula": _l("This is no formula. Use the name of a field, a number, or one of: %(allowed)s."),
    "formula_too_deep": _l("The formula is nested too deeply: at most %(most)s levels."),
    "formula_too_big": _l("The formula is too long: at most %(most)s parts."),
    "unknown_figure": _l(
        "There is no figure “%(figure)s” to compute with. Name a field or a column of plain numbers or money."
    ),
    "no_target": _l(
        "“%(figure)s” has no target to be held against. Name a figure or a ratio of the form, and give it a target."
    ),
    "default_unfit": _l(
        "The form itself would refuse this answer, so no report can begin with it. Write it as it is stored, such as "
        '12, "60.74", "2025-01-31" or the key of a choice, and within the bounds of the field.'
    ),
    "too_large": _l("The definition is too large: at most %(most)s bytes."),
    # said of a file or a text before anything in it is looked at
    "cannot_be_read": _l("The file cannot be read: %(problem)s."),
    "unknown_suffix": _l("It cannot be told how to read this file. Give it a name that ends in one of: %(known)s."),
    "unknown_kind": _l(
        "It cannot be told what this file defines. Put it into a folder “forms” or “chains”, or name the kind."
    ),
    "not_utf8": _l("Line %(line)s is not text in UTF-8. Save the file in that encoding."),
    "not_printable": _l("Line %(line)s holds a character that cannot be printed (%(character)s). Remove it."),
    "not_yaml": _l("Line %(line)s is not YAML of the plain kind: %(problem)s."),
    "not_json": _l("Line %(line)s is not JSON: %(problem)s."),
    "too_deep": _l("Line %(line)s is nested too deeply: at most %(most)s levels."),
    "too_many_values": _l("Up to line %(line)s there are too many keys and values: at most %(most)s in all."),
    "too_many_digits": _l("Line %(line)s has a number that is too long: at most %(most)s digits."),
    "several_documents": _l("Line %(line)s begins another document. Put each definition into a file of its own."),
    "no_anchors": _l("Line %(line)s refers to another place (“%(name)s”). Write out what stands there, or use quotes."),
    "no_tags": _l("Line %(line)s names a type (“%(tag)s”). Remove it, or put the text in quotes."),
    "no_merging": _l("Line %(line)s merges keys (<<). Write them out."),
    "key_not_text": _l("Line %(line)s has a key that is no text. Use a word, or put it in quotes."),
    "key_twice": _l("Line %(line)s has the key “%(key)s”, which stands in line %(first)s already. Remove one of them."),
    "not_finite": _l("Line %(line)s has “%(value)s”, which is no number. Write the number itself."),
    "decimals_unquoted": _l(
        "Line %(line)s has the number %(value)s with decimals, which a program may have rounded. Write it as a text in "
        "quotes."
    ),
    "template_syntax": _l("Line %(line)s of the template cannot be understood: %(problem)s."),
    "template_forbids": _l(
        "Line %(line)s: templates may not use %(what)s. Show values, repeat and choose; nothing else."
    ),
    "template_nameless": _l(
        "Line %(line)s: nothing is called %(what)s here, so the document could never be printed. What a document holds "
        "begins with doc, such as doc.title."
    ),
    "template_endless": _l("These call each other without end: %(what)s. Take one of the calls out."),
    "template_unreadable": _l("The template is nested too deeply, or has a number that is too long. Write it shorter."),
}
"""Code about a definition → sentence; the finding's path says where."""
