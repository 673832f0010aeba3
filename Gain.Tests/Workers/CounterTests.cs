using System.Reflection;
using Gain.Workers;

namespace Gain.Tests.Workers;

/// <summary>Counters, from the thread that counts to the sum that users read.</summary>
[Parallelizable(ParallelScope.All)]
public class CounterTests
{
    private static readonly FieldInfo[] s_counters = CountersOf(typeof(WorkerCounters));

    // Nobody is told of the first; the second is one worker's, and has no sum.
    private static readonly string[] s_unsummed =
        [nameof(WorkerCounters.StaleCompletions), nameof(WorkerCounters.LongestTurnMs)];

    // They are kept elsewhere while a worker runs, and ReadCounters fetches them.
    private static readonly string[] s_keptElsewhere =
    [
        nameof(WorkerCounters.DroppedWrites), nameof(WorkerCounters.RingOverflows),
        nameof(WorkerCounters.HeldBytes), nameof(WorkerCounters.DatagramsOut),
        nameof(WorkerCounters.DatagramErrors), nameof(WorkerCounters.DialledDatagramSockets),
    ];

    [Test]
    public void Sum_is_that_of_each_counter()
    {
        GainStatistics sum = StatisticsSum.Add(StatisticsSum.Add(default, Counted(1)), Counted(1_000));
        foreach (FieldInfo counter in s_counters.ExceptBy(s_unsummed, field => field.Name))
        {
            long expected = (long)counter.GetValue(Counted(1))! + (long)counter.GetValue(Counted(1_000))!;
            Assert.That(ValueOf(sum, counter.Name), Is.EqualTo(expected), counter.Name);
        }
    }

    [Test]
    public void Sum_is_that_of_each_counter_of_pools()
    {
        var pool = new PoolCounters();
        long next = 1;
        foreach (FieldInfo counter in CountersOf(typeof(PoolCounters)))
        {
            counter.SetValue(pool, next++);
        }

        var counters = new WorkerCounters { Pool = pool };
        GainStatistics once = StatisticsSum.Add(default, counters);
        GainStatistics sum = StatisticsSum.Add(once, WorkerCounters.Read(ref counters));
        foreach (FieldInfo counter in CountersOf(typeof(PoolCounters)))
        {
            string name = counter.Name is nameof(PoolCounters.Idle) or nameof(PoolCounters.Rented)
                ? $"{counter.Name}Connections"
                : $"Pool{counter.Name}";
            object? value = typeof(GainStatistics).GetProperty(name)!.GetValue(sum);
            Assert.That(value, Is.EqualTo(2 * (long)counter.GetValue(pool)!), counter.Name);
        }
    }

    [Test]
    public void Copy_has_every_counter()
    {
        WorkerCounters counted = Counted(1);
        WorkerCounters copy = WorkerCounters.Read(ref counted);
        foreach (FieldInfo counter in s_counters.ExceptBy(s_keptElsewhere, field => field.Name))
        {
            Assert.That(counter.GetValue(copy), Is.EqualTo(counter.GetValue(counted)), counter.Name);
        }
    }

    [TestCase(nameof(RefusalReason.Stopping), nameof(WorkerCounters.RefusedStopping))]
    [TestCase(nameof(RefusalReason.ConnectionLimit), nameof(WorkerCounters.RefusedByLimit))]
    [TestCase(nameof(RefusalReason.AddressLimit), nameof(WorkerCounters.RefusedByAddressLimit))]
    [TestCase(nameof(RefusalReason.AddressFilter), nameof(WorkerCounters.RefusedByFilter))]
    [TestCase(nameof(RefusalReason.Balancer), nameof(WorkerCounters.RefusedByBalancer))]
    [TestCase(nameof(RefusalReason.Gone), nameof(WorkerCounters.AcceptErrors))]
    [TestCase(nameof(RefusalReason.Fault), nameof(WorkerCounters.AcceptErrors))]
    public void Refusal_is_counted_once_where_its_reason_says(string reason, string counter)
    {
        WorkerCounters counters = default;
        counters.CountRefused(Enum.Parse<RefusalReason>(reason));
        string[] counted =
        [
            .. s_counters.Where(field => !field.GetValue(counters)!.Equals(0L)).Select(field => field.Name),
        ];
        Assert.That(counted, Is.EqualTo([counter]));
        Assert.That(typeof(WorkerCounters).GetField(counter)!.GetValue(counters), Is.EqualTo(1));
    }

    private static FieldInfo[] CountersOf(Type type) =>
        [.. type.GetFields().Where(static field => field.FieldType == typeof(long))];

    // Each counter has a value that no other has.
    private static WorkerCounters Counted(long first)
    {
        object counters = default(WorkerCounters);
        foreach (FieldInfo counter in s_counters)
        {
            counter.SetValue(counters, first++);
        }

        return (WorkerCounters)counters;
    }

    private static long ValueOf(GainStatistics sum, string counter) => counter switch
    {
        nameof(WorkerCounters.PausedMs) => (long)sum.PausedTime.TotalMilliseconds,
        nameof(WorkerCounters.HeldBytes) => sum.HeldOutboundBytes,
        _ => (long)typeof(GainStatistics).GetProperty(counter)!.GetValue(sum)!,
    };
}
