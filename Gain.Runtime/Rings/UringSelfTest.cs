using System.Diagnostics;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Rings;

/// <summary>
/// Makes a small ring and does with it once what servers do all the time, as kernels are patched and
/// version numbers prove nothing: waits with a time limit, multishot poll, receives and accepts.
/// </summary>
internal sealed unsafe class UringSelfTest : IDisposable
{
    private const int Entries = 8;
    private const int BufferCount = 4;
    private const int BufferBytes = 64;
    private const ushort Group = 0;

    // Each wait ends at once where the feature works.
    private const long PatienceNs = 1_000_000_000;

    private readonly Ring _ring;
    private readonly List<UringCheck> _checks = [];

    // Everything is closed at the end, whatever went wrong in between.
    private readonly List<int> _descriptors = [];

    private UringSelfTest(Ring ring) => _ring = ring;

    /// <summary>Tests the kernel, on the calling thread.</summary>
    /// <exception cref="GainException">Descriptors have run out, which says nothing of io_uring.</exception>
    public static UringVerdict Run(IRingCalls calls)
    {
        try
        {
            using var test = new UringSelfTest(Ring.Create(new RingOptions { Entries = Entries }, calls));
            return test.Run();
        }
        catch (RingException refused) when (refused.ErrorNumber is Errno.EMFILE or Errno.ENFILE)
        {
            throw new GainException(GainError.LimitReached, refused.Message, refused.ErrorNumber, refused);
        }
        catch (RingException refused)
        {
            string reason = UringRefusal.Describe(refused.ErrorNumber);
            return new UringVerdict(0, 0, [], refused.ErrorNumber, reason, refused.Advice);
        }
    }

    // The armed poll and accept end with the ring; neither has memory of ours.
    public void Dispose()
    {
        _ring.Dispose();
        _descriptors.ForEach(fd => Libc.Close(fd));
    }

    private UringVerdict Run()
    {
        bool works = Passes("wait with a time limit", CheckWait())
            && Passes("multishot poll", CheckPoll())
            && Passes("multishot receive into a buffer ring", CheckReceive())
            && Passes("multishot accept", CheckAccept());
        string? reason = works ? null : $"no {_checks[^1].What}: {_checks[^1].Fault}";
        string advice = works ? "" : "Linux 6.1 or later is recommended.";
        return new UringVerdict(_ring.Flags, _ring.Features, _checks, 0, reason, advice);
    }

    private bool Passes(string what, string? fault)
    {
        _checks.Add(new UringCheck(what, fault));
        return fault is null;
    }

    private string? CheckWait() =>
        (_ring.Features & RingFeatures.ExtendedArgument) != 0 ? null : "the kernel has no such feature";

    // What wakes workers: two signals, two completions of one operation.
    private string? CheckPoll()
    {
        int fd = Keep(Libc.EventFd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK), "eventfd");
        Next().PrepPollMultishot(fd, (uint)Libc.POLLIN);
        for (int i = 0; i < 2; i++)
        {
            ulong count = 1;
            Libc.Write(fd, &count, sizeof(ulong));
            if (Fault(out CompletionEntry completion, Libc.POLLIN, isLast: false) is { } fault)
            {
                return fault;
            }

            Libc.Read(fd, &count, sizeof(ulong));
        }

        return null;
    }

    // SAFETY: the kernel writes to the buffers until the receive has ended. One that did not end as it
    // should may still be armed: its buffers are left to it.
    private string? CheckReceive()
    {
        int* pair = stackalloc int[2];
        int result = Libc.SocketPair(
            SocketAbi.AF_UNIX, SocketAbi.SOCK_STREAM | SocketAbi.SOCK_CLOEXEC, 0, pair);
        Keep(result < 0 ? result : pair[0], "socketpair");
        Keep(pair[1], "socketpair");
        const nuint bytes = BufferCount * BufferBytes;
        byte* pool = (byte*)NativePages.Map(bytes);
        string? fault = Receive(pair[0], pair[1], pool);
        if (fault is null)
        {
            NativePages.Unmap(pool, bytes);
        }

        return fault;
    }

    private string? Receive(int receiver, int sender, byte* pool)
    {
        BufferRing buffers;
        try
        {
            buffers = _ring.RegisterBufferRing(Group, BufferCount);
        }
        catch (RingException refused)
        {
            return refused.ErrorNumber == Errno.ENOMEM
                ? UringRefusal.Describe(Errno.ENOMEM)
                : $"{Errno.Name(refused.ErrorNumber)}, no buffer rings";
        }

        for (ushort i = 0; i < BufferCount; i++)
        {
            buffers.Add(pool + (i * BufferBytes), BufferBytes, i);
        }

        buffers.Publish();
        SubmissionEntry entry = Next();
        entry.PrepRecvMultishot(receiver, 0);
        entry.SetBufferGroup(Group);
        for (byte letter = 1; letter <= 2; letter++)
        {
            Libc.Send(sender, &letter, 1, SocketAbi.MSG_NOSIGNAL);
            if (Fault(out CompletionEntry got, 1, isLast: false) is { } fault)
            {
                return fault;
            }

            if (!got.HasBuffer || pool[got.BufferId * BufferBytes] != letter)
            {
                return "it did not bring what was sent";
            }
        }

        Libc.Shutdown(sender, SocketAbi.SHUT_WR);
        return Fault(out _, 0, isLast: true);
    }

    private string? CheckAccept()
    {
        // A name that the kernel chooses, in the abstract space: no file, no port.
        sockaddr_storage address = default;
        address.ss_family = SocketAbi.AF_UNIX;
        uint length = sizeof(ushort);
        int listener = Keep(NewUnixSocket(), "socket");
        if (Libc.Bind(listener, &address, length) < 0 || Libc.Listen(listener, 2) < 0)
        {
            return "there was no Unix socket to test it with";
        }

        length = (uint)sizeof(sockaddr_storage);
        Libc.GetSockName(listener, &address, &length);
        Next().PrepAcceptMultishot(listener, SocketAbi.SOCK_CLOEXEC);
        for (int i = 0; i < 2; i++)
        {
            Libc.Connect(Keep(NewUnixSocket(), "socket"), &address, length);
            string? fault = Fault(out CompletionEntry accepted, null, isLast: false);
            if (accepted.Result >= 0 && fault is null)
            {
                _descriptors.Add(accepted.Result);
            }
            else
            {
                return fault;
            }
        }

        return null;
    }

    private static int NewUnixSocket() =>
        Libc.Socket(SocketAbi.AF_UNIX, SocketAbi.SOCK_STREAM | SocketAbi.SOCK_CLOEXEC, 0);

    // There is room: each operation was submitted before the next one. One completes at a time, so that
    // they need no names.
    private SubmissionEntry Next()
    {
        _ring.TryGetEntry(out SubmissionEntry entry);
        return entry;
    }

    /// <summary>What is wrong with the next completion, or that there is none; null for nothing.</summary>
    /// <param name="completion">The completion.</param>
    /// <param name="result">The expected result; null for any that is not an error.</param>
    /// <param name="isLast">Whether it should be the operation's last one.</param>
    private string? Fault(out CompletionEntry completion, int? result, bool isLast)
    {
        completion = default;
        var clock = Stopwatch.StartNew();
        long leftNs = PatienceNs;
        while (_ring.CompletionsReady == 0)
        {
            if (leftNs <= 0)
            {
                return "it never completed";
            }

            _ring.SubmitAndWait(1, leftNs);
            leftNs = PatienceNs - (long)clock.Elapsed.TotalNanoseconds;
        }

        completion = _ring.CompletionAt(0);
        _ring.AdvanceCompletions(1);
        if (completion.Result < 0)
        {
            return Errno.Name(-completion.Result);
        }

        if (result is not null && completion.Result != result)
        {
            return $"it completed with {completion.Result} instead of {result}";
        }

        return completion.HasMore == !isLast ? null
            : isLast ? "it did not end"
            : "it ended after one completion";
    }

    private int Keep(int descriptor, string call)
    {
        if (descriptor < 0)
        {
            throw new GainException(
                GainError.LimitReached,
                $"Cannot test io_uring: {call}: {Errno.Describe(-descriptor)}.",
                -descriptor);
        }

        _descriptors.Add(descriptor);
        return descriptor;
    }
}
