import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tlc2.value.impl.BoolValue;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.SetEnumValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.TupleValue;
import tlc2.value.impl.Value;
import util.UniqueString;

/**
 * The operators of spec/TraceData.tla, for TLC, from the file that -Dlockstep.traces names.
 * Its first line is the array of the names of an event's fields; then each trace is a line
 * {"logged":{server:{"set":[variable...]}}} and a line an event: the array of its fields.
 * An event becomes a value when TLC asks for it; until then it is a range of bytes.
 */
public class TraceData {
  private static final byte[] BYTES = read();
  private static final UniqueString[] FIELDS;
  private static final List<RecordValue> HEADERS = new ArrayList<>();
  private static final List<int[]> EVENT_STARTS = new ArrayList<>();
  private static final ThreadLocal<Latest> LATEST = ThreadLocal.withInitial(Latest::new);

  /** The event that a worker asked for last: it asks for it several times in a step. */
  private static final class Latest {
    int trace;
    int position;
    Value event;
  }

  static {
    if (Boolean.getBoolean("lockstep.cpuTime")) tellCpuTimeAtTheEnd();
    TupleValue names = (TupleValue) new Parser(0).value();
    FIELDS = new UniqueString[names.elems.length];
    for (int k = 0; k < FIELDS.length; k++) FIELDS[k] = ((StringValue) names.elems[k]).getVal();
    index(lineAfter(0));
  }

  /** For measurements: the CPU time of the whole process, in milliseconds. */
  private static void tellCpuTimeAtTheEnd() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> System.out.println("CPU time " + system.getProcessCpuTime() / 1_000_000)));
  }

  private static byte[] read() {
    try {
      return Files.readAllBytes(Path.of(System.getProperty("lockstep.traces")));
    } catch (IOException error) {
      throw new IllegalStateException("cannot read the prepared traces", error);
    }
  }

  private static int lineAfter(int start) {
    int end = start;
    while (BYTES[end] != '\n') end++;
    return end + 1;
  }

  private static void index(int firstLine) {
    List<Integer> starts = new ArrayList<>();
    for (int line = firstLine; line < BYTES.length; line = lineAfter(line)) {
      if (BYTES[line] == '{') {
        if (!HEADERS.isEmpty()) endTrace(starts);
        HEADERS.add((RecordValue) new Parser(line).value());
      } else {
        starts.add(line);
      }
    }
    if (!HEADERS.isEmpty()) endTrace(starts);
  }

  private static void endTrace(List<Integer> starts) {
    EVENT_STARTS.add(starts.stream().mapToInt(Integer::intValue).toArray());
    starts.clear();
  }

  public static Value TraceCount() {
    return IntValue.gen(HEADERS.size());
  }

  public static Value TraceLength(Value trace) {
    return IntValue.gen(EVENT_STARTS.get(((IntValue) trace).val - 1).length);
  }

  public static Value LoggedVariables(Value trace, Value server) {
    RecordValue logged = (RecordValue) HEADERS.get(((IntValue) trace).val - 1).values[0];
    return logged.select(server);
  }

  public static Value EventAt(Value trace, Value position) {
    Latest latest = LATEST.get();
    int wantedTrace = ((IntValue) trace).val;
    int wantedPosition = ((IntValue) position).val;
    if (latest.trace != wantedTrace || latest.position != wantedPosition) {
      latest.event = parseEvent(EVENT_STARTS.get(wantedTrace - 1)[wantedPosition - 1]);
      latest.trace = wantedTrace;
      latest.position = wantedPosition;
    }
    return latest.event;
  }

  private static Value parseEvent(int start) {
    TupleValue fields = (TupleValue) new Parser(start).value();
    RecordValue event = new RecordValue(FIELDS.clone(), fields.elems, false);
    event.deepNormalize();
    return event;
  }

  /** JSON to values of TLC: an array is a tuple, an object a record, {"set": array} a set. */
  private static final class Parser {
    private static final UniqueString SET = UniqueString.of("set");
    private int at;

    Parser(int start) {
      at = start;
    }

    Value value() {
      switch (BYTES[at]) {
        case '{':
          return object();
        case '[':
          return new TupleValue(array());
        case '"':
          return new StringValue(string());
        case 't':
          at += 4;
          return BoolValue.ValTrue;
        case 'f':
          at += 5;
          return BoolValue.ValFalse;
        default:
          return number();
      }
    }

    private Value number() {
      int number = 0;
      int start = at;
      for (; BYTES[at] >= '0' && BYTES[at] <= '9'; at++) number = 10 * number + BYTES[at] - '0';
      if (at == start) throw new IllegalStateException("no value at byte " + at);
      return IntValue.gen(number);
    }

    private UniqueString string() {
      int start = ++at;
      while (BYTES[at] != '"') at++;
      return Names.of(ByteBuffer.wrap(BYTES, start, at++ - start));
    }

    private Value[] array() {
      List<Value> values = new ArrayList<>();
      for (at++; BYTES[at] != ']'; ) {
        values.add(value());
        if (BYTES[at] == ',') at++;
      }
      at++;
      return values.toArray(new Value[0]);
    }

    private Value object() {
      List<UniqueString> names = new ArrayList<>();
      List<Value> values = new ArrayList<>();
      for (at++; BYTES[at] != '}'; ) {
        names.add(string());
        at++;
        values.add(value());
        if (BYTES[at] == ',') at++;
      }
      at++;
      if (names.size() == 1 && names.get(0) == SET) {
        return new SetEnumValue(((TupleValue) values.get(0)).elems, false);
      }
      return new RecordValue(
          names.toArray(new UniqueString[0]), values.toArray(new Value[0]), false);
    }
  }

  /** The few strings that traces hold, so that each is made once. */
  private static final class Names {
    private static final ThreadLocal<Map<ByteBuffer, UniqueString>> KNOWN =
        ThreadLocal.withInitial(HashMap::new);

    static UniqueString of(ByteBuffer bytes) {
      UniqueString known = KNOWN.get().get(bytes);
      if (known != null) return known;
      UniqueString name = UniqueString.of(StandardCharsets.UTF_8.decode(bytes.duplicate()).toString());
      KNOWN.get().put(bytes, name);
      return name;
    }
  }
}
