"""Approval chains as BPMN 2.0 with their diagram, for those who read, keep or simulate processes elsewhere."""
