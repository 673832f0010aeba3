using System.Diagnostics;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Futexes and child processes.</summary>
[TestFixture]
internal sealed unsafe class WaiterTests
{
    private const uint Private32 = 2 | 128;
    private const ulong AnyBit = uint.MaxValue;
    private const int ProcessId = 1;
    private const int Exited = 4;
    private const int DoNotReap = 0x1000000;

    [Test]
    public void A_futex_is_waited_on_and_woken()
    {
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = Create();
        uint* futex = (uint*)buffers.At(0);
        ring.Entry(1).PrepFutexWait(futex, 0, AnyBit, Private32, 0);
        ring.AssertIdle();

        ring.Entry(2).PrepFutexWake(futex, 1, AnyBit, Private32, 0);

        Assert.That(ring.Next(2).Select(c => c.Result), Is.EqualTo([0, 1]));
    }

    [Test]
    public void A_futex_with_another_value_is_not_waited_on()
    {
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = Create();

        ring.Entry(1).PrepFutexWait((uint*)buffers.At(0), 7, AnyBit, Private32, 0);

        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.EAGAIN));
    }

    [TestCase(FutexKind.Private)]
    [TestCase(FutexKind.Shared)]
    public void A_futex_of_a_named_kind_is_woken_by_any_bit(FutexKind kind)
    {
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = Create();
        uint* futex = (uint*)buffers.At(0);
        *futex = 7;
        ring.Entry(1).PrepFutexWait(futex, 8, kind);
        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.EAGAIN), "It has another value.");
        for (ulong id = 2; id < 5; id++)
        {
            ring.Entry(id).PrepFutexWait(futex, 7, kind);
        }

        ring.AssertIdle();
        ring.Entry(9).PrepFutexWake(futex, 2, kind);

        CompletionEntry[] completions = ring.Next(3);
        Assert.That(completions.Single(c => c.UserData == 9).Result, Is.EqualTo(2), "As many as asked for.");
        Assert.That(completions.Where(c => c.UserData != 9).Select(c => c.Result), Is.EqualTo([0, 0]));
        ring.AssertIdle();
        ring.Entry(10).PrepFutexWake(futex, 1, kind);
        Assert.That(ring.Next(2).Select(c => c.Result).Order(), Is.EqualTo([0, 1]));
    }

    [Test]
    public void Of_several_futexes_the_one_that_was_woken_is_told()
    {
        using NativeBuffers buffers = new(3, 8);
        using Ring ring = Create();
        FutexWaiter* waiters = stackalloc FutexWaiter[3];
        for (int i = 0; i < 3; i++)
        {
            waiters[i] = new FutexWaiter { Futex = (uint*)buffers.At(i), Kind = Private32 };
        }

        ring.Entry(1).PrepFutexWaitv(waiters, 3, 0);
        ring.AssertIdle();
        ring.Entry(2).PrepFutexWake((uint*)buffers.At(1), 1, AnyBit, Private32, 0);

        Assert.That(ring.Next(2).Select(c => c.Result), Is.EqualTo([1, 1]));
    }

    [Test]
    public void A_wait_for_a_futex_can_be_cancelled()
    {
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = Create();
        ring.Entry(1).PrepFutexWait((uint*)buffers.At(0), 0, AnyBit, Private32, 0);
        ring.AssertIdle();

        ring.Entry(2).PrepCancel(1, CancelFlags.None);

        CompletionEntry[] completions = ring.Next(2);
        Assert.That(completions[0].Result, Is.EqualTo(-Errno.ECANCELED));
        Assert.That(completions[1].Result, Is.GreaterThanOrEqualTo(0));
    }

    [Test]
    public void The_end_of_a_child_process_completes_a_wait()
    {
        using NativeBuffers buffers = new(1, 128);
        using Ring ring = TestRing.Create();
        ring.Require(RingOperation.WaitId);
        using Process child = Process.Start(
            new ProcessStartInfo("sh", ["-c", "read line; exit 3"]) { RedirectStandardInput = true })!;
        ring.Entry(1).PrepWaitid(ProcessId, child.Id, buffers.At(0), Exited | DoNotReap, 0);
        ring.AssertIdle();

        child.StandardInput.Close();

        Assert.That(ring.Next().Result, Is.Zero);
        Assert.That(((int*)buffers.At(0))[4], Is.EqualTo(child.Id));
        child.WaitForExit();
        Assert.That(child.ExitCode, Is.EqualTo(3));
    }

    private static Ring Create()
    {
        Ring ring = TestRing.Create();
        ring.Require(RingOperation.FutexWaitVector);
        return ring;
    }
}
