"""What is held out shares no road, no clip and no picture with what is learnt from."""

from collections import Counter
from pathlib import Path

import pytest

from models.dataset.layout import By, read_rows, write_names
from models.dataset.resplit import resplit
from models.dataset.splits import NothingToDivide, Unit, hold_out_units
from models.errors import BrokenDataset
from tests.models.sets import put, splits_of_groups


@pytest.fixture
def roads(tmp_path: Path) -> Path:
    for road in "ABCDEFGH":
        for i in range(3):
            put(tmp_path, f"{road}{i}", group=road, split="val" if i else "train")
    return tmp_path


def test_no_group_is_torn_apart(roads: Path) -> None:
    resplit(roads, by=By.GROUP, share=0.25, seed=1)

    splits = splits_of_groups(roads)
    assert all(len(each) == 1 for each in splits.values())
    assert Counter(row.split for row in read_rows(roads)) == {"train": 18, "val": 6}


def test_the_same_seed_divides_the_same_way_and_another_seed_another(roads: Path) -> None:
    resplit(roads, by=By.GROUP, share=0.25, seed=1)
    first = read_rows(roads)

    assert resplit(roads, by=By.GROUP, share=0.25, seed=1) == 0
    assert read_rows(roads) == first
    others = set()
    for seed in range(2, 8):
        resplit(roads, by=By.GROUP, share=0.25, seed=seed)
        others.add(read_rows(roads))
    assert len(others) > 1


def test_groups_that_share_a_picture_stay_on_one_side(roads: Path) -> None:
    for road in "BCD":
        put(roads, f"{road}-copy", group=road, seed=0)

    resplit(roads, by=By.GROUP, share=0.4, seed=0)

    splits = splits_of_groups(roads)
    assert len(set().union(*(splits[f"roads {road}"] for road in "ABCD"))) == 1


def test_whole_sources_can_be_held_out(roads: Path) -> None:
    for i in range(6):
        put(roads, f"bin{i}", source="bins", group=f"{i}", labels="1 0.5 0.5 0.2 0.2\n")

    resplit(roads, by=By.SOURCE, share=0.2, seed=0)

    assert {row.split for row in read_rows(roads) if row.source_set == "bins"} in (
        {"train"},
        {"val"},
    )


def test_a_run_that_was_stopped_half_way_is_completed_by_the_next(roads: Path) -> None:
    resplit(roads, by=By.GROUP, share=0.25, seed=1)
    expected = read_rows(roads)
    moved = next(row for row in expected if row.split == "val")
    for part, name in (("images", moved.image), ("labels", f"{Path(moved.image).stem}.txt")):
        (roads / "val" / part / name).rename(roads / "train" / part / name)
    (roads / "train" / "labels" / f"{Path(moved.image).stem}.txt").rename(
        roads / "val" / "labels" / f"{Path(moved.image).stem}.txt"
    )

    resplit(roads, by=By.GROUP, share=0.25, seed=1)

    assert read_rows(roads) == expected
    assert splits_of_groups(roads)


def test_boxes_that_claim_nothing_and_other_splits_are_kept(roads: Path) -> None:
    for road in "ABCDEFGH":
        path = roads / "val/ignored" / f"{road}1.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text("0 0.5 0.5 0.1 0.1\n")
    put(roads, "t", split="test", group="T")

    resplit(roads, by=By.GROUP, share=0.25, seed=3)

    rows = {row.image: row.split for row in read_rows(roads)}
    assert rows["t.png"] == "test"
    assert all((roads / rows[f"{r}1.png"] / "ignored" / f"{r}1.txt").is_file() for r in "ABCDEFGH")


def test_every_class_of_every_source_gets_its_share() -> None:
    units = [
        Unit(places=(i,), weight={("s", ""): 1, ("s", "pothole" if i % 2 else "bin"): 4})
        for i in range(40)
    ]

    held = hold_out_units(units, share=0.25, seed=0)

    assert (len([i for i in held if i % 2]), len([i for i in held if not i % 2])) == (5, 5)


def test_what_cannot_be_divided_is_refused(tmp_path: Path) -> None:
    write_names(tmp_path, ("road.pothole",))
    with pytest.raises(BrokenDataset, match="data convert"):
        resplit(tmp_path, by=By.GROUP, share=0.2, seed=0)
    put(tmp_path, "a")
    put(tmp_path, "b")
    with pytest.raises(NothingToDivide, match="--group"):
        resplit(tmp_path, by=By.GROUP, share=0.2, seed=0)


def test_a_picture_that_is_gone_is_refused_before_anything_moves(roads: Path) -> None:
    (roads / "train/images/A0.png").unlink()

    with pytest.raises(BrokenDataset, match=r"A0\.png"):
        resplit(roads, by=By.GROUP, share=0.25, seed=0)
