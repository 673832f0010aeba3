using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Tests.Server;
using Gain.Uring;

namespace Gain.Tests.Rings;

/// <summary>
/// A ring whose queue is full in the middle of a batch, on a kernel that takes nothing before completions
/// are taken (EBUSY). A filter of the thread's system calls plays that: submissions alone fail, and those
/// that ask for completions as well do not.
/// </summary>
public sealed unsafe class BusyKernelTests
{
    private const int PR_SET_NO_NEW_PRIVS = 38;
    private const int PR_SET_SECCOMP = 22;
    private const nuint SECCOMP_MODE_FILTER = 2;
    private const uint SECCOMP_RET_ERRNO = 0x0005_0000;
    private const uint SECCOMP_RET_ALLOW = 0x7FFF_0000;
    private const uint IoUringEnter = 426;
    private const uint GetEvents = 1;

    // Of struct seccomp_data: the call's number, and the lower half of its fourth argument, the flags.
    private const uint NumberOffset = 0;
    private const uint FlagsOffset = 16 + (3 * 8);

    private const ushort LoadWord = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfSet = 0x45;
    private const ushort Return = 0x06;

    // RingUnderTest's ring has 64 entries: the queue is full once, and twice.
    [TestCase(70)]
    [TestCase(130)]
    public void The_rest_of_the_batch_still_comes_and_in_order(int more) => OnBusyThread(() =>
    {
        const int before = 8;
        const ulong first = 100;
        const ulong next = 1_000;
        using var test = new RingUnderTest(GainRing.Uring);
        (int ours, int peer) = RingUnderTest.UnixPair();
        for (int i = 0; i < before; i++)
        {
            test.Ring.PrepAwaitRoom(ours, first + (ulong)i);
        }

        test.Ring.Enter(0);
        test.Ring.BeginBatch();
        List<ulong> taken = [];
        Assert.That(test.Ring.TryTake(out CompletionEntry completion));
        taken.Add(completion.UserData);
        for (int i = 0; i < more; i++)
        {
            test.Ring.PrepAwaitRoom(ours, next + (ulong)i);
        }

        while (test.Ring.TryTake(out completion))
        {
            taken.Add(completion.UserData);
        }

        test.Ring.EndBatch();

        // What was moved to make room ends the batch early, and comes first in the next.
        while (taken.Count < before + more)
        {
            CompletionEntry[] ready = test.Ready();
            Assert.That(ready, Is.Not.Empty, $"{taken.Count} of {before + more} have come");
            taken.AddRange(ready.Select(one => one.UserData));
        }

        Assert.That(
            taken,
            Is.EqualTo(
                Enumerable.Range(0, before).Select(i => first + (ulong)i)
                    .Concat(Enumerable.Range(0, more).Select(i => next + (ulong)i))));
        Libc.Close(ours);
        Libc.Close(peer);
    });

    // A filter stays for as long as its thread.
    private static void OnBusyThread(Action test)
    {
        RingAvailability.Require(GainRing.Uring);
        int refused = 0;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            refused = TryFilter();
            try
            {
                if (refused == 0)
                {
                    RequireBusy();
                    test();
                }
            }
            catch (Exception thrown)
            {
                failure = thrown;
            }
        });
        thread.Start();
        thread.Join();
        if (refused != 0)
        {
            Assert.Ignore($"this machine has no seccomp filters: {Errno.Name(refused)}");
        }

        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    private static void RequireBusy()
    {
        using Ring ring = Ring.Create(new RingOptions { Entries = 4 });
        Assert.That(ring.TryGetEntry(out SubmissionEntry entry));
        entry.PrepNop();
        Assert.That(ring.Submit(), Is.EqualTo(-Errno.EBUSY), "the filter refuses nothing");
        Assert.That(ring.SubmitAndGetEvents(), Is.EqualTo(1));
    }

    private static int TryFilter()
    {
        Span<Instruction> code =
        [
            new(LoadWord, 0, 0, NumberOffset),
            new(JumpIfEqual, 0, 3, IoUringEnter),
            new(LoadWord, 0, 0, FlagsOffset),
            new(JumpIfSet, 1, 0, GetEvents),
            new(Return, 0, 0, SECCOMP_RET_ERRNO | Errno.EBUSY),
            new(Return, 0, 0, SECCOMP_RET_ALLOW),
        ];
        fixed (Instruction* instructions = code)
        {
            var program = new FilterProgram((ushort)code.Length, instructions);
            bool isDone = SetProcess(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
                && SetProcess(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, (nuint)(&program), 0, 0) == 0;
            return isDone ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    [DllImport("libc", EntryPoint = "prctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetProcess(int option, nuint first, nuint second, nuint third, nuint fourth);

    /// <summary>struct sock_filter.</summary>
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct FilterProgram(ushort length, Instruction* instructions)
    {
        public readonly ushort Length = length;
        public readonly Instruction* Instructions = instructions;
    }
}
