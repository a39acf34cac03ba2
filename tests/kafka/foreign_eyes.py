"""foreign_eyes.py BROKERS TOPIC COUNT: prints `partition offset key value partition-by-key` of the
first COUNT records that a read_committed consumer sees, the log's own (`__…`) aside. The last one
is where the client's own murmur2 puts the key; fewer lines than asked for: there are no more."""

import sys
import time

from kafka import KafkaConsumer, TopicPartition
from kafka.partitioner.default import murmur2

SECONDS_MAX = 30


def main(brokers, topic, count):
    consumer = KafkaConsumer(
        bootstrap_servers=brokers, isolation_level="read_committed", enable_auto_commit=False
    )
    partitions = sorted(consumer.partitions_for_topic(topic))
    places = [TopicPartition(topic, partition) for partition in partitions]
    consumer.assign(places)
    consumer.seek_to_beginning(*places)
    left = count
    until = time.monotonic() + SECONDS_MAX
    while left > 0 and time.monotonic() < until:
        for records in consumer.poll(timeout_ms=500).values():
            for record in records:
                if record.key.startswith(b"__"):
                    continue
                by_key = (murmur2(record.key) & 0x7FFFFFFF) % len(partitions)
                key, value = record.key.decode(), (record.value or b"-").decode()
                print(record.partition, record.offset, key, value, by_key)
                left -= 1
    consumer.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
