"""What people write today: json and pyahocorasick over chats, JSONL findings out.

    python search.py phrases.txt chats.jsonl > findings.jsonl
"""

import json
import sys
from collections import Counter

import ahocorasick


def main():
    automaton = ahocorasick.Automaton()
    with open(sys.argv[1], encoding="utf-8") as phrases:
        for phrase in phrases.read().split():
            automaton.add_word(phrase, phrase)
    automaton.make_automaton()

    counts = Counter()
    write = sys.stdout.write
    with open(sys.argv[2], encoding="utf-8") as chats:
        for line in chats:
            conversation = json.loads(line)
            for number, turn in enumerate(conversation["turns"]):
                if turn["speaker"] != "agent":
                    continue
                for end, phrase in automaton.iter(turn["text"]):
                    counts[phrase] += 1
                    finding = {"conversation": conversation["id"], "turn": number, "end": end, "text": phrase}
                    write(json.dumps(finding, ensure_ascii=False) + "\n")
    write(json.dumps({"violations": sum(counts.values()), "by_phrase": counts}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
