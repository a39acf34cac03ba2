import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.QueryableStoreTypes;

/**
 * What a rebuild of the state projections from Kafka is measured beside: Kafka Streams restores the
 * same topic through a GlobalKTable into RocksDB, each record a blob that nobody looks into.
 *
 * <p>StreamsPeer BROKERS TOPIC FOLDER restores into FOLDER, which must be new, and prints one line:
 * {"events", "rows", "seconds", "cpu_seconds", "events_per_second"}. The time is from the start of
 * the topology until the table may be asked; the start of Java is not in it.
 */
public final class StreamsPeer {
  private static final String STORE = "patients";

  /** Counts what is restored. */
  private static final class Restored implements StateRestoreListener {
    final AtomicLong events = new AtomicLong();

    @Override
    public void onRestoreStart(TopicPartition from, String store, long begin, long end) {}

    @Override
    public void onBatchRestored(TopicPartition from, String store, long end, long count) {
      events.addAndGet(count);
    }

    @Override
    public void onRestoreEnd(TopicPartition from, String store, long count) {}
  }

  public static void main(String[] words) throws InterruptedException {
    if (words.length != 3) {
      System.err.println("StreamsPeer BROKERS TOPIC FOLDER");
      System.exit(2);
    }
    final Restored restored = new Restored();
    final CountDownLatch ended = new CountDownLatch(1);
    final long cpuBefore = cpuNanoseconds();
    final long begun = System.nanoTime();
    try (KafkaStreams streams = new KafkaStreams(topology(words[1]), settings(words[0], words[2]))) {
      streams.setGlobalStateRestoreListener(restored);
      streams.setStateListener(
          (now, before) -> {
            if (now == KafkaStreams.State.RUNNING || now == KafkaStreams.State.ERROR) {
              ended.countDown();
            }
          });
      streams.start();
      ended.await();
      if (streams.state() != KafkaStreams.State.RUNNING) {
        throw new IllegalStateException("Kafka Streams is " + streams.state());
      }
      final double seconds = (System.nanoTime() - begun) / 1e9;
      final double cpuSeconds = (cpuNanoseconds() - cpuBefore) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "{\"events\": %d, \"rows\": %d, \"seconds\": %.3f, \"cpu_seconds\": %.3f, "
              + "\"events_per_second\": %.0f}%n",
          restored.events.get(),
          rows(streams),
          seconds,
          cpuSeconds,
          restored.events.get() / seconds);
      streams.close(Duration.ofSeconds(10));
    }
  }

  private static Topology topology(String topic) {
    final StreamsBuilder builder = new StreamsBuilder();
    builder.globalTable(
        topic,
        Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()),
        Materialized.<byte[], byte[], KeyValueStore<Bytes, byte[]>>as(STORE)
            .withKeySerde(Serdes.ByteArray())
            .withValueSerde(Serdes.ByteArray()));
    return builder.build();
  }

  // The last two are those that the budget names, the others are what our reader has.
  private static Properties settings(String brokers, String folder) {
    final Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "streams-peer-" + UUID.randomUUID());
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, folder);
    settings.put(of(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
    settings.put(of(ConsumerConfig.CHECK_CRCS_CONFIG), true);
    settings.put(of(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 10);
    settings.put(of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 10_000);
    return settings;
  }

  private static String of(String consumerSetting) {
    return StreamsConfig.globalConsumerPrefix(consumerSetting);
  }

  private static long rows(KafkaStreams streams) {
    long count = 0;
    try (var all =
        streams
            .store(
                StoreQueryParameters.fromNameAndType(
                    STORE, QueryableStoreTypes.<byte[], byte[]>keyValueStore()))
            .all()) {
      for (; all.hasNext(); all.next()) {
        ++count;
      }
    }
    return count;
  }

  private static long cpuNanoseconds() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
