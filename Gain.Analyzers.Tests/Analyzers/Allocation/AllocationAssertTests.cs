using Gain.Testing;

namespace Gain.Tests.Analyzers.Allocation;

/// <summary>The assert for a user's own tests.</summary>
[NonParallelizable]
public sealed class AllocationAssertTests
{
    private static object? s_kept;
    private static int s_number;

    [Test]
    public void What_does_not_allocate_passes() => AllocationAssert.Zero(static () => s_number++);

    [Test]
    public void What_allocates_once_passes() => AllocationAssert.Zero(static () => s_kept ??= new object());

    [Test]
    public void What_grows_fails_however_rarely_it_does([Values(0, 1, 63, 64, 100, 200)] int before)
    {
        List<int> all = [.. Enumerable.Range(0, before)];

        Assert.That(
            () => AllocationAssert.Zero(() => all.Add(1)), Throws.InstanceOf<AllocationException>());
    }

    [Test]
    public void What_throws_later_is_told_with_what_it_allocates()
    {
        int calls = 0;

        Assert.That(
            () => AllocationAssert.Zero(() =>
            {
                s_kept = new byte[40];
                if (++calls == 10_000)
                {
                    throw new InvalidOperationException("used up");
                }
            }),
            Throws.InstanceOf<AllocationException>().With.Message.Contains("64 bytes are allocated a call")
                .And.Message.Contains("it threw System.InvalidOperationException: used up"));
    }

    [Test]
    public void What_throws_at_once_throws() => Assert.That(
        static () => AllocationAssert.Zero((Action)(static () => throw new NotSupportedException("never"))),
        Throws.InstanceOf<NotSupportedException>());

    [Test]
    public void What_is_slow_is_called_for_some_seconds_only()
    {
        using ManualResetEventSlim never = new();
        int calls = 0;

        Assert.That(
            () => AllocationAssert.Zero(() =>
            {
                s_kept = new object();
                calls++;
                if (calls > 256)
                {
                    never.Wait(10);
                }
            }),
            Throws.InstanceOf<AllocationException>());

        // Of a million.
        Assert.That(calls, Is.LessThan(6_400));
    }

    [Test]
    public void What_is_asynchronous_is_waited_for()
    {
        int over = 0;
        AllocationAssert.Zero(async () =>
        {
            await Task.CompletedTask;
            over++;
        });
        Assert.That(over, Is.EqualTo(256));
        Assert.That(
            static () => AllocationAssert.Zero(static async () =>
            {
                await Task.Yield();
                s_kept = new object();
            }),
            Throws.InstanceOf<AllocationException>());
        Assert.That(
            static () => AllocationAssert.Zero(static () => Task.FromException(new TimeoutException())),
            Throws.InstanceOf<TimeoutException>());
    }

    [Test]
    public void What_allocates_fails_with_the_bytes() => Assert.That(
        static () => AllocationAssert.Zero(static () => s_kept = new byte[40]),
        Throws.InstanceOf<AllocationException>().With.Message.StartsWith("64 bytes are allocated a call"));

    [TestCase("text", "System.String, for which GAIN1007")]
    [TestCase("array", "System.Int32[], for which GAIN1002")]
    [TestCase("box", "System.Int32, for which GAIN1003")]
    [TestCase("closure", "System.Func`1[System.Int32], for which GAIN1004")]
    [TestCase("object", "System.Object, for which GAIN1001")]
    public void Failure_names_what_was_allocated_and_the_likely_rule(string what, string told)
    {
        Action allocate = what switch
        {
            "text" => static () => s_kept = new string('x', 3) + s_number,
            "array" => static () => s_kept = new int[64],
            "box" => static () => s_kept = s_number,
            "closure" => static () => Capture(s_number),
            _ => static () => s_kept = new object(),
        };
        Assert.That(
            () => AllocationAssert.Zero(allocate),
            Throws.InstanceOf<AllocationException>()
                .With.Message.Match("^[0-9.]+ bytes are allocated a call: most of it ")
                .And.Message.Contains(told));
    }

    private static void Capture(int number) => s_kept = (Func<int>)(() => number);

    [TestCase("System.String", "GAIN1007")]
    [TestCase("System.Byte[]", "GAIN1002")]
    [TestCase("Program+<>c__DisplayClass0_0", "GAIN1004")]
    [TestCase("System.Func`2[System.Int32,System.Int32]", "GAIN1005")]
    [TestCase("System.Int32", "GAIN1003")]
    [TestCase("System.Linq.Enumerable+ArrayWhereIterator`1[System.Int32]", "GAIN1010")]
    [TestCase("System.Threading.Tasks.Task`1[System.Int32]", "GAIN1011")]
    [TestCase("Program+<Lengths>d__3", "GAIN1009")]
    [TestCase("System.Collections.Generic.List`1+Enumerator[System.Int32]", "GAIN1008")]
    [TestCase("Program", "GAIN1001")]
    public void Type_tells_the_likely_rule(string type, string rule) =>
        Assert.That(AllocatedTypes.RuleOf(type), Is.EqualTo(rule));
}
