using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;

namespace Gain.Testing;

/// <summary>Names what an action allocates, by the runtime's own events: one every 100 KB.</summary>
internal static class AllocatedTypes
{
    // Some eighty events, so that also what allocates less beside it is among them.
    private const long EnoughBytes = 8_000_000;
    private const int EnoughEvents = 40;
    private const int MaxCalls = 1_000_000;

    /// <summary>": most of it System.String (GAIN1007)", or nothing when the runtime tells nothing.</summary>
    public static string Describe(Action action, long bytesOfSome, int callsOfSome)
    {
        using var listener = new Listener();
        Marker.Log.Begin();
        long calls = Math.Min(MaxCalls, (EnoughBytes * callsOfSome / Math.Max(bytesOfSome, 1)) + 1);
        Exception? thrown = Repeat(action, calls);

        // Events arrive on a thread of the runtime's; where there are fewer, those are what there is.
        listener.Seen.Wait(AllocationAssert.Patience);
        string[] types = [.. listener.Types];
        string end = thrown is null
            ? ""
            : $" (called still more often to find out what, it threw {thrown.GetType().FullName}: "
                + $"{thrown.Message})";
        if (types.Length == 0)
        {
            return end;
        }

        string most = types.GroupBy(name => name).OrderByDescending(group => group.Count()).First().Key;

        // A closure is smaller than the delegate that comes with it, and its cause.
        string rule = RuleOf(most);
        if (rule == "GAIN1005" && types.Any(static type => RuleOf(type) == "GAIN1004"))
        {
            rule = "GAIN1004";
        }

        return $": most of it {most}, for which {rule} is the likely rule{end}";
    }

    // What fails after thousands of calls allocates all the same.
    private static Exception? Repeat(Action action, long calls)
    {
        try
        {
            long start = Stopwatch.GetTimestamp();
            for (long i = 0; i < calls && Stopwatch.GetElapsedTime(start) < AllocationAssert.Patience;
                i++)
            {
                action();
            }

            return null;
        }
        catch (Exception thrown)
        {
            return thrown;
        }
    }

    /// <summary>The rule that reports most of what allocates such objects.</summary>
    internal static string RuleOf(string type) => type switch
    {
        "System.String" => "GAIN1007",
        _ when type.Contains("DisplayClass", StringComparison.Ordinal) => "GAIN1004",
        _ when type.EndsWith(']') && type.Contains("[]", StringComparison.Ordinal) => "GAIN1002",
        _ when type.StartsWith("System.Linq.", StringComparison.Ordinal) => "GAIN1010",
        _ when type.StartsWith("System.Func", StringComparison.Ordinal)
            || type.StartsWith("System.Action", StringComparison.Ordinal)
            || type.StartsWith("System.Predicate", StringComparison.Ordinal) => "GAIN1005",
        _ when type.Contains("AsyncStateMachineBox", StringComparison.Ordinal)
            || type.StartsWith("System.Threading.Tasks.", StringComparison.Ordinal) => "GAIN1011",
        _ when type.Contains(">d__", StringComparison.Ordinal) => "GAIN1009",
        _ when type.EndsWith("Enumerator", StringComparison.Ordinal)
            || type.Contains("Enumerator[", StringComparison.Ordinal) => "GAIN1008",
        _ when Type.GetType(type) is { IsValueType: true } => "GAIN1003",
        _ => "GAIN1001",
    };

    // Tells the listener which thread the action runs on: others allocate too, as the one that brings events.
    [EventSource(Name = "Gain-Testing-AllocationAssert")]
    private sealed class Marker : EventSource
    {
        public static readonly Marker Log = new();

        [Event(1)]
        public void Begin() => WriteEvent(1);
    }

    private sealed class Listener : EventListener
    {
        private const EventKeywords Gc = (EventKeywords)1;

        private long _thread;

        public ManualResetEventSlim Seen { get; } = new();

        public ConcurrentQueue<string> Types { get; } = new();

        public override void Dispose()
        {
            base.Dispose();
            Seen.Dispose();
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
            {
                EnableEvents(eventSource, EventLevel.Verbose, Gc);
            }
            else if (eventSource is Marker)
            {
                EnableEvents(eventSource, EventLevel.LogAlways);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventSource is Marker)
            {
                // It is sent to every listener: the first of its own is what a listener was made for.
                Interlocked.CompareExchange(ref _thread, eventData.OSThreadId, 0);
                return;
            }

            int index = eventData.PayloadNames?.IndexOf("TypeName") ?? -1;
            if (index >= 0 && eventData.OSThreadId == Interlocked.Read(ref _thread)
                && eventData.Payload?[index] is string type && type.Length > 0)
            {
                Types.Enqueue(type);
                if (Types.Count >= EnoughEvents)
                {
                    Seen.Set();
                }
            }
        }
    }
}
