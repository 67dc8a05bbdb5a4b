"""What README says runs, and what lies in results/ is what today's page makes of its records."""
import pathlib
import re
import sys
import unittest

import command_line

ROOT = pathlib.Path(__file__).resolve().parents[2]


def code_blocks(page, language):
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(), re.S)


class Readme(command_line.CommandLineTest):
    def test_its_study_runs(self):
        [study] = code_blocks(ROOT / "README.md", "toml")
        (self.folder / "study.toml").write_text(study)
        small = [f"base.data.folder={self.data}", "base.data.validation=60", "base.train.batch=20",
                 "base.train.steps=4", "base.model.name=mlp", "base.model.width=8", "seeds=[0, 1]",
                 "rates=[0.1]", "budgets=[2, 4]", "teach.steps=[8]", "teach.train.steps=8",
                 "teach.model.width=4"]
        run = self.run_tandem("study", "run", "study.toml", *small, "--out", "out")
        self.assertEqual(run.returncode, 0, run.stderr)
        for cell in ("class one-hot", "view probs strong", "sample probs strong"):
            self.assertRegex(run.stdout, rf"{cell}.* ± ")

    def test_its_program_is_a_part_of_the_example(self):
        [program] = code_blocks(ROOT / "README.md", "cpp")
        example = (ROOT / "examples" / "train_from_store.cpp").read_text()
        for line in program.splitlines():
            self.assertIn(line.strip(), example)


class Results(command_line.CommandLineTest):
    def test_are_what_the_report_makes_of_their_records(self):
        studies = sorted(record.parent for record in ROOT.glob("results/*/study.json"))
        self.assertTrue(studies)
        for study in studies:
            out = self.folder / study.name
            made = self.run_tandem("report", study, "--out", out)
            self.assertEqual(made.returncode, 0, made.stderr)
            files = sorted(file.name for file in out.iterdir())
            self.assertEqual(files, sorted(file.name for file in (study / "report").iterdir()))
            for name in files:
                self.assertEqual((out / name).read_bytes(), (study / "report" / name).read_bytes(),
                                 f"{study / 'report' / name}: `tandem report {study}` renders it anew")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
