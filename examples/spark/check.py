"""Checks conversations, one JSON object a line, with phrase-lint on a Spark cluster.

    spark-submit --master 'local-cluster[2,1,1024]' check.py chats/ findings/
    phrase-lint report findings/ -f scorecard

Spark reads the input in partitions that end at line ends, every partition goes through one `phrase-lint check -`, and the
findings are written as one shard a partition. The program itself is sent to the workers with the job.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from itertools import chain

# Executors shall run the Python that runs this.
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)

from pyspark import SparkFiles  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402


def lint(program, options, lines):
    """The findings of one partition: JSONL in, JSONL out, both as they come."""
    lines = iter(lines)
    first = next(lines, None)
    if first is None:
        return  # An empty partition is nothing to check, which phrase-lint would call an error.
    command = [SparkFiles.get(program), "check", "-", "--input-format", "jsonl", "--format", "jsonl", "--fail-on", "never"]
    with tempfile.TemporaryFile() as messages:
        process = subprocess.Popen(command + options, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=messages)
        feeder = threading.Thread(target=feed, args=(process.stdin, chain([first], lines)), daemon=True)
        feeder.start()
        summary = b""
        for line in process.stdout:
            summary = line
            yield line.rstrip(b"\n").decode()
        status = process.wait()
        feeder.join()
        # Status 2 with a summary: a row could not be read. The summary counts it, and so will the merged one.
        if status != 0 and not (status == 2 and summary.startswith(b'{"type":"summary"')):
            messages.seek(0)
            raise RuntimeError(f"phrase-lint ended with status {status}: {messages.read().decode(errors='replace')}")


def feed(stdin, lines):
    try:
        with stdin:
            for line in lines:
                stdin.write(line.encode() + b"\n")
    except BrokenPipeError:
        pass  # phrase-lint has ended; its status says why.


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", help="a file or folder of JSONL, conversations or replies; .gz files too")
    parser.add_argument("output", help="a folder that does not exist yet, for the shards of findings")
    parser.add_argument("--phrase-lint", default=shutil.which("phrase-lint"), help="the program; by default the one on the PATH")
    parser.add_argument("--partitions", type=int, help="cut the input into at least so many; by default, Spark decides")
    parser.add_argument("options", nargs="*", help="after `--`: further options for `phrase-lint check`, such as --profile call")
    arguments = parser.parse_args()
    if not arguments.phrase_lint:
        parser.error("no phrase-lint on the PATH; give --phrase-lint")

    spark = SparkSession.builder.appName("phrase-lint").getOrCreate()
    try:
        spark.sparkContext.addFile(os.path.abspath(arguments.phrase_lint))
        # Plain names, not `arguments`: the function below travels to the workers.
        program, options = os.path.basename(arguments.phrase_lint), arguments.options
        conversations = spark.sparkContext.textFile(arguments.input, arguments.partitions)
        findings = conversations.mapPartitions(lambda lines: lint(program, options, lines))
        findings.saveAsTextFile(arguments.output)
    finally:
        spark.stop()


if __name__ == "__main__":
    main()
