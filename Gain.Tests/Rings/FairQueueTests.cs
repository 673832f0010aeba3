using CsCheck;
using Gain.Rings;
using Gain.Uring;

namespace Gain.Tests.Rings;

public class FairQueueTests
{
    private const int Capacity = 50;

    // Each step: completions of some operations come, and a batch takes some or all of what it may.
    [Test]
    public void Each_batch_gives_each_operation_its_run_in_order_and_loses_nothing() =>
        Gen.Select(
            Gen.Int[1, 5],
            Gen.Select(Gen.ULong[0, 6].Array[0, 30], Gen.Int[0, 40], Gen.ULong[0, 6].Array[0, 5])
                .Array[1, 40])
        .Sample((longestRun, steps) =>
        {
            using var queue = new FairQueue(Capacity, longestRun);
            var waiting = new Dictionary<ulong, Queue<int>>();
            int next = 0;
            foreach ((ulong[] before, int takes, ulong[] during) in steps)
            {
                Add(queue, waiting, before, ref next);
                var there = waiting.ToDictionary(lane => lane.Key, lane => lane.Value.Count);
                var runs = new Dictionary<ulong, int>();
                queue.BeginTurn();
                bool isWhole = TakeUpTo(queue, waiting, runs, takes / 2);
                Add(queue, waiting, during, ref next);
                isWhole = isWhole || TakeUpTo(queue, waiting, runs, takes);
                foreach ((ulong userData, int count) in runs)
                {
                    Assert.That(count, Is.LessThanOrEqualTo(longestRun), $"run of {userData}");
                }

                foreach ((ulong userData, int count) in there.Where(_ => isWhole))
                {
                    int least = Math.Min(longestRun, count);
                    Assert.That(runs.GetValueOrDefault(userData), Is.AtLeast(least), $"run of {userData}");
                }
            }

            while (queue.Count != 0)
            {
                int before = queue.Count;
                queue.BeginTurn();
                Assert.That(TakeUpTo(queue, waiting, [], int.MaxValue));
                Assert.That(queue.Count, Is.LessThan(before));
            }

            Assert.That(waiting.Values, Has.All.Empty);
        });

    [Test]
    public void What_finds_no_room_is_refused_and_counted()
    {
        using var queue = new FairQueue(capacity: 2, longestRun: 1);
        Assert.That(queue.TryAdd(new CompletionEntry(7, 0, 0)));
        Assert.That(queue.TryAdd(new CompletionEntry(8, 1, 0)));
        Assert.That(queue.TryAdd(new CompletionEntry(7, 2, 0)), Is.False);
        Assert.That(queue.Refusals, Is.EqualTo(1));
        queue.BeginTurn();
        Assert.That(queue.TryTake(out _));
        Assert.That(queue.TryAdd(new CompletionEntry(7, 2, 0)));
    }

    [Test]
    public void Bytes_that_wait_are_counted_for_each_operation_without_its_errors()
    {
        using var queue = new FairQueue(Capacity, longestRun: 1);
        queue.TryAdd(new CompletionEntry(7, 100, 0));
        queue.TryAdd(new CompletionEntry(8, 1, 0));
        queue.TryAdd(new CompletionEntry(7, 20, 0));
        queue.TryAdd(new CompletionEntry(7, -105, 0));
        Assert.That(queue.CountBytes(7), Is.EqualTo(120));
        queue.BeginTurn();
        Assert.That(queue.TryTake(out _));
        Assert.That(queue.CountBytes(7), Is.EqualTo(20));
        Assert.That(queue.CountBytes(8), Is.EqualTo(1));
        Assert.That(queue.CountBytes(9), Is.Zero);
    }

    [Test]
    public void An_operation_that_comes_in_the_middle_of_a_batch_waits_for_the_next_one()
    {
        using var queue = new FairQueue(Capacity, longestRun: 2);
        queue.TryAdd(new CompletionEntry(1, 0, 0));
        queue.BeginTurn();
        Assert.That(queue.TryTake(out _));
        queue.TryAdd(new CompletionEntry(1, 1, 0));
        Assert.That(queue.TryTake(out _), Is.False);
        queue.BeginTurn();
        Assert.That(queue.TryTake(out CompletionEntry next));
        Assert.That(next.Result, Is.EqualTo(1));
    }

    [Test]
    public void After_its_end_a_queue_gives_and_takes_nothing()
    {
        var queue = new FairQueue(Capacity, longestRun: 2);
        queue.TryAdd(new CompletionEntry(1, 0, 0));
        queue.BeginTurn();
        queue.Dispose();
        queue.Dispose();
        Assert.That(queue.TryTake(out _), Is.False);
        Assert.That(queue.TryAdd(new CompletionEntry(1, 0, 0)), Is.False);
        Assert.That(queue.CountBytes(1), Is.Zero);
    }

    private static void Add(
        FairQueue queue, Dictionary<ulong, Queue<int>> waiting, ulong[] operations, ref int next)
    {
        foreach (ulong userData in operations)
        {
            int there = waiting.Values.Sum(lane => lane.Count);
            bool isTaken = queue.TryAdd(new CompletionEntry(userData, next, 0));
            Assert.That(isTaken, Is.EqualTo(there < Capacity));
            if (isTaken)
            {
                waiting.TryAdd(userData, new Queue<int>());
                waiting[userData].Enqueue(next++);
            }

            Assert.That(queue.Count, Is.EqualTo(waiting.Values.Sum(lane => lane.Count)));
        }
    }

    // Whether the batch has nothing more.
    private static bool TakeUpTo(
        FairQueue queue, Dictionary<ulong, Queue<int>> waiting, Dictionary<ulong, int> runs, int most)
    {
        for (int i = 0; i < most; i++)
        {
            if (!queue.TryTake(out CompletionEntry completion))
            {
                return true;
            }

            Assert.That(completion.Result, Is.EqualTo(waiting[completion.UserData].Dequeue()));
            runs[completion.UserData] = runs.GetValueOrDefault(completion.UserData) + 1;
        }

        return false;
    }
}
