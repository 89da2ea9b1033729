"""What each kind of record is called by: a type for each, so that no id stands in for another."""

from typing import NewType

CaseId = NewType("CaseId", str)
DecisionId = NewType("DecisionId", str)
DepartmentId = NewType("DepartmentId", str)
GridId = NewType("GridId", str)
ObservationId = NewType("ObservationId", str)
PersonId = NewType("PersonId", str)
PhotoId = NewType("PhotoId", str)
ProblemId = NewType("ProblemId", str)
TaskId = NewType("TaskId", str)
