"""A person taken out of run folders and exports, so that no byte of them names her."""

from wfplan.store.erasing.folders import (
    Rewritten,
    folders_of_ours,
    leftovers,
    require_erased,
    rewrite_folder,
    rewrite_table,
    rows_in,
)
from wfplan.store.erasing.loose import (
    hers,
    remove_rows,
    rewrite_page,
    rows_that_name,
    rows_to_remove,
)
from wfplan.store.erasing.over import expire_folder, expire_quarter
from wfplan.store.erasing.stand_ins import stand_ins_of, with_stand_ins
from wfplan.store.erasing.traces import Traces

__all__ = [
    "Rewritten",
    "Traces",
    "expire_folder",
    "expire_quarter",
    "folders_of_ours",
    "hers",
    "leftovers",
    "remove_rows",
    "require_erased",
    "rewrite_folder",
    "rewrite_page",
    "rewrite_table",
    "rows_in",
    "rows_that_name",
    "rows_to_remove",
    "stand_ins_of",
    "with_stand_ins",
]
