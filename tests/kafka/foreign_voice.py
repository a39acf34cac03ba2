"""foreign_voice.py BROKERS TOPIC: sends what stands on stdin, one message a line: `partition key
value`, the latter two as `x` and hex digits, or `-` for none. Returns when the broker has them."""

import sys

from kafka import KafkaProducer


def bytes_of(word):
    return None if word == "-" else bytes.fromhex(word[1:])


def main(brokers, topic):
    producer = KafkaProducer(bootstrap_servers=brokers, acks="all", max_request_size=2_000_000)
    for line in sys.stdin:
        partition, key, value = line.split()
        producer.send(
            topic,
            value=bytes_of(value),
            key=bytes_of(key),
            partition=int(partition),
            headers=[("trace", b"\xff\x00")],
        ).get(30)
    producer.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
