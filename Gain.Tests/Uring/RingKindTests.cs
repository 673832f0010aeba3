using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>
/// Rings with entries and completions of other sizes, in other memory, with other submitters.
/// </summary>
[TestFixture]
internal sealed unsafe class RingKindTests
{
    private const RingSetupFlags Polled =
        RingSetupFlags.SubmissionThread | RingSetupFlags.SubmitAll | RingSetupFlags.NoSubmissionArray;

    [Test]
    public void Large_entries_are_cleared_in_full_and_wrap()
    {
        using Ring ring = Create(RingSetupFlags.Default | RingSetupFlags.LargeSubmissions);
        for (ulong i = 0; i < 40; i++)
        {
            if (i % 2 == 0)
            {
                Assert.That(ring.TryGetEntry128(out LargeSubmissionEntry large));
                Assert.That(large.Command.IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
                large.Entry.PrepUringCmd(7, -1);
                large.Command.Fill(0xFF);
                large.UserData = i;
                Assert.That(ring.Next().Result, Is.EqualTo(-Errno.EBADF));
            }
            else
            {
                SubmissionEntry entry = ring.Entry(i);
                Assert.That(entry.Command.IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
                entry.PrepNop();
                CompletionEntry completion = ring.Next();
                Assert.That((completion.UserData, completion.Result), Is.EqualTo((i, 0)));
            }
        }

        for (ulong i = 0; i < ring.SubmissionCapacity; i++)
        {
            ring.Entry(i).PrepNop();
        }

        Assert.That(ring.TryGetEntry(out _), Is.False);
        Assert.That(ring.TryGetEntry128(out _), Is.False);
        _ = ring.Next((int)ring.SubmissionCapacity);
    }

    [Test]
    public void A_ring_of_small_entries_has_no_large_ones()
    {
        using Ring ring = TestRing.Create();

        Assert.That(() => ring.TryGetEntry128(out _), Throws.InvalidOperationException
            .With.Message.Contains("LargeSubmissions"));
    }

    [Test]
    public void Large_completions_carry_sixteen_bytes_more()
    {
        using Ring ring = Create(RingSetupFlags.Default | RingSetupFlags.LargeCompletions);
        uint turns = ring.CompletionCapacity + 3;
        for (uint i = 0; i < turns; i++)
        {
            ring.Entry(i).PrepNop();
            Assert.That(ring.SubmitAndWait(1, TestRing.PatienceNs), Is.EqualTo(1));
            int seen = 0;
            foreach (LargeCompletionEntry completion in ring.TakeLargeCompletions())
            {
                seen++;
                Assert.That(completion.Entry.UserData, Is.EqualTo(i));
                Assert.That(completion.IsLarge);
                Assert.That((completion.First, completion.Second), Is.EqualTo((0ul, 0ul)));
            }

            Assert.That(seen, Is.EqualTo(1));
        }

        Assert.That(() => ring.PeekCompletion(3), Throws.InvalidOperationException
            .With.Message.Contains("TakeCompletions"));
    }

    [Test]
    public void Rings_lie_in_memory_of_the_process([Values(4, 256)] int entries)
    {
        using Ring ring = Gate.Create(new RingOptions
        {
            Entries = entries, Flags = RingSetupFlags.Default | RingSetupFlags.NoMapping,
        });

        AssertWorks(ring);
        RingException? refused = Assert.Throws<RingException>(() => ring.Resize(64, 128));
        Assert.That(refused!.Message, Does.Contain("NoMapping"));
    }

    [Test]
    public void Two_rings_share_memory_of_the_callers()
    {
        RingOptions options = new()
        {
            Entries = 8, Flags = RingSetupFlags.Default | RingSetupFlags.NoMapping,
        };
        nuint each = Ring.MemorySize(options);
        int result = Libc.MMap(
            2 * each, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0,
            out void* memory);
        Assert.That(result, Is.Zero);
        try
        {
            using Ring first = Gate.Create(
                options with { MemoryAddress = (nint)memory, MemoryBytes = each });
            using Ring second = Gate.Create(
                options with { MemoryAddress = (nint)memory + (nint)each, MemoryBytes = each });
            AssertWorks(first);
            AssertWorks(second);
            Assert.That(
                () => Ring.Create(options with { MemoryAddress = (nint)memory, MemoryBytes = each - 1 }),
                Throws.ArgumentException.With.Message.Contains($"{each} bytes"));
        }
        finally
        {
            // The kernel writes to the pages once more, which are its own then: an allocator's would not be.
            Assert.That(Libc.MUnmap(memory, 2 * each), Is.Zero);
        }
    }

    [Test]
    public void A_ring_without_a_descriptor_works_and_registers()
    {
        using Ring ring = Create(
            RingSetupFlags.Default | RingSetupFlags.NoMapping | RingSetupFlags.RegisteredDescriptorOnly);

        Assert.That(ring.Descriptor, Is.EqualTo(-1));
        Assert.That(ring.UsesRegisteredDescriptor);
        AssertWorks(ring);
        using FixedFiles files = ring.RegisterFilesSparse(2);
        Assert.That(ring.GetProbe().IsSupported(RingOperation.Nop));
        Assert.That(ring.UnregisterDescriptor, Throws.InstanceOf<RingException>());
        Assert.That(ring.CloseDescriptor, Throws.InstanceOf<RingException>());
    }

    [Test]
    public void A_submission_thread_takes_what_is_stored([Values] bool large)
    {
        using Ring ring = Create(large ? Polled | RingSetupFlags.LargeSubmissions : Polled, idleMs: 50);
        ulong sent = 0;
        ulong seen = 0;
        while (seen < 500)
        {
            while (sent - seen < 32 && ring.TryGetEntry(out SubmissionEntry entry))
            {
                entry.PrepNop();
                entry.UserData = sent++;
            }

            _ = ring.Submit();
            _ = ring.SubmitAndWait(1, TestRing.PatienceNs);
            foreach (ref readonly CompletionEntry completion in ring.TakeCompletions())
            {
                Assert.That(completion.UserData, Is.EqualTo(seen++));
                Assert.That(completion.Result, Is.Zero);
            }
        }
    }

    [Test]
    public void A_submission_thread_that_sleeps_is_woken()
    {
        using Ring ring = Create(Polled, idleMs: 1);
        for (ulong i = 0; i < 5; i++)
        {
            for (int waits = 0; !ring.SubmissionThreadSleeps; waits++)
            {
                Assert.That(waits, Is.LessThan(10_000), "The thread does not sleep.");
                Assert.That(ring.Wait(1, 2_000_000), Is.EqualTo(-Errno.ETIME));
            }

            ring.Entry(i).PrepNop();
            Assert.That(ring.Submit(), Is.EqualTo(1));
            Assert.That(ring.WaitForCompletion(out CompletionEntry completion, TestRing.PatienceNs));
            Assert.That(completion.UserData, Is.EqualTo(i));
            ring.AdvanceCompletions(1);
        }
    }

    [Test]
    public void What_the_submission_thread_took_is_no_longer_unsubmitted()
    {
        using Ring ring = Create(Polled, idleMs: 50);
        for (ulong i = 0; i < 5; i++)
        {
            ring.Entry(i).PrepNop();
        }

        Assert.That(ring.Unsubmitted, Is.EqualTo(5));
        Assert.That(ring.Submit(), Is.EqualTo(5));

        // A completion tells that the thread took its entry.
        Assert.That(ring.Wait(5, TestRing.PatienceNs), Is.Zero);
        Assert.That(ring.Unsubmitted, Is.Zero);
    }

    [Test]
    public void A_full_ring_with_a_submission_thread_can_be_waited_for()
    {
        using Ring ring = Create(Polled, idleMs: 50);
        for (int i = 0; i < 200; i++)
        {
            SubmissionEntry entry;
            while (!ring.TryGetEntry(out entry))
            {
                ring.WaitForSubmissionRoom();
            }

            entry.PrepNop();
            if (i % 32 == 31)
            {
                _ = ring.SubmitAndWait(1, TestRing.PatienceNs);
                ring.AdvanceCompletions(ring.CompletionsReady);
            }
        }
    }

    [Test]
    public void A_ring_shares_workers_and_submission_thread_of_another()
    {
        using Ring first = Create(Polled, idleMs: 50);
        using Ring second = Gate.Create(new RingOptions
        {
            Entries = 8, Flags = Polled, SubmissionThreadIdleMs = 50, AttachTo = first,
        });

        AssertWorks(first);
        AssertWorks(second);
    }

    [Test]
    public void A_submission_thread_is_put_on_a_CPU()
    {
        using Ring ring = Gate.Create(new RingOptions
        {
            Entries = 8, Flags = Polled, SubmissionThreadIdleMs = 1, SubmissionThreadCpu = 0,
        });

        AssertWorks(ring);
        Assert.That(
            () => Ring.Create(new RingOptions { Flags = Polled, SubmissionThreadCpu = 1 << 20 }),
            Throws.InstanceOf<RingException>().With.Property("ErrorName").EqualTo("EINVAL"));
    }

    [Test]
    public void A_ring_for_polled_devices_takes_nothing_else()
    {
        using DescriptorPair pipe = DescriptorPair.Pipe();
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = Create(RingSetupFlags.Default | RingSetupFlags.DevicePolling);

        ring.Entry(1).PrepRead(pipe.First, buffers.At(0), 8, 0);

        Assert.That(ring.Next().Result, Is.AnyOf(-Errno.EOPNOTSUPP, -Errno.EINVAL));
    }

    [TestCase(RingSetupFlags.MixedSubmissions)]
    [TestCase(RingSetupFlags.Rewind)]
    public void A_flag_that_is_too_new_says_so(RingSetupFlags flag)
    {
        if (Ring.TryQuery(out RingQuery query) && (query.SetupFlags & flag) != 0)
        {
            using Ring ring = Create(RingSetupFlags.Default | flag);
            AssertWorks(ring);
            return;
        }

        RingException? refused = Assert.Throws<RingException>(
            () => Ring.Create(new RingOptions { Flags = RingSetupFlags.Default | flag }));

        Assert.That(refused!.ErrorName, Is.EqualTo("EINVAL"));
        Assert.That(refused.Message, Does.Contain($"does not have {flag}"));
    }

    [Test]
    public void Options_that_exclude_each_other_are_refused() => Assert.Multiple(() =>
    {
        AssertRefused(
            new RingOptions { Flags = RingSetupFlags.Default | RingSetupFlags.SubmissionThread },
            "DeferTaskRun");
        AssertRefused(
            new RingOptions { Flags = RingSetupFlags.RegisteredDescriptorOnly }, "NoMapping");
        AssertRefused(new RingOptions { MemoryAddress = 4096 }, "NoMapping");
        AssertRefused(
            new RingOptions { Flags = RingSetupFlags.NoMapping, MemoryAddress = 5000 }, "page-aligned");
        AssertRefused(new RingOptions { SubmissionThreadIdleMs = -1 }, "SubmissionThreadIdleMs");
        AssertRefused(new RingOptions { SubmissionThreadCpu = 0 }, "no submission thread");
        AssertRefused(new RingOptions { SubmissionThreadCpu = -1 }, "SubmissionThreadCpu");
        AssertRefused(new RingOptions { Flags = RingSetupFlags.TaskRunFlag }, "DeferTaskRun");
    });

    [Test]
    public void A_ring_that_is_gone_shares_nothing()
    {
        Ring other = TestRing.Create();
        if (other.UsesRegisteredDescriptor)
        {
            other.CloseDescriptor();
            AssertRefused(new RingOptions { AttachTo = other }, "CloseDescriptor");
        }

        other.Dispose();

        Assert.That(
            () => Ring.Create(new RingOptions { AttachTo = other }),
            Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_CPU_that_is_not_there_is_named()
    {
        RingException? refused = Assert.Throws<RingException>(() => Ring.Create(new RingOptions
        {
            Flags = RingSetupFlags.SubmissionThread, SubmissionThreadCpu = 99_999,
        }));
        if (refused!.ErrorNumber is not Errno.EINVAL)
        {
            Assert.Ignore(refused.Message);
        }

        Assert.That(refused.Message, Does.Contain("99999").And.Contain("CPUs"));
    }

    [Test]
    public void One_ring_too_many_without_descriptor_says_so()
    {
        const RingSetupFlags flags = RingSetupFlags.Default | RingSetupFlags.NoMapping
            | RingSetupFlags.RegisteredDescriptorOnly;
        Create(flags).Dispose();
        List<Ring> rings = [];
        RingException? refused = null;

        // On a thread that has none yet.
        Thread other = new(() => refused = Fill(rings, flags));
        other.Start();
        other.Join();

        Assert.That(rings, Has.Count.EqualTo(16));
        Assert.That(refused!.ErrorName, Is.EqualTo("EBUSY"));
        Assert.That(refused.Message, Does.Contain("16 registered descriptors"));
    }

    [Test]
    public void Sizes_are_told_before()
    {
        RingOptions small = new() { Entries = 1, CompletionEntries = 1 };
        RingOptions large = new() { Entries = 1000, Flags = RingSetupFlags.LargeCompletions };

        Assert.Multiple(() =>
        {
            Assert.That(Ring.MemorySize(small), Is.EqualTo((nuint)8192));

            // 1,024 entries of 64 bytes, and 64 bytes, 8,192 completions of 32 and 1,024 indices, in pages.
            Assert.That(Ring.MemorySize(large), Is.EqualTo((nuint)(65_536 + 270_336)));
            Assert.That(Ring.LockedMemorySize(large), Is.EqualTo(Ring.MemorySize(large)));
            Assert.That(Ring.LiburingVersion, Is.GreaterThanOrEqualTo(new Version(2, 15)));
        });
    }

    private static RingException? Fill(List<Ring> rings, RingSetupFlags flags)
    {
        try
        {
            for (int i = 0; i < 20; i++)
            {
                rings.Add(Ring.Create(new RingOptions { Entries = 4, Flags = flags }));
            }

            return null;
        }
        catch (RingException refused)
        {
            return refused;
        }
        finally
        {
            rings.ForEach(ring => ring.Dispose());
        }
    }

    private static void AssertRefused(RingOptions options, string reason) => Assert.That(
        () => Ring.Create(options), Throws.InstanceOf<ArgumentException>().With.Message.Contains(reason));

    private static Ring Create(RingSetupFlags flags, int idleMs = 0) => Gate.Create(new RingOptions
    {
        Entries = 8, CompletionEntries = 32, Flags = flags, SubmissionThreadIdleMs = idleMs,
    });

    private static void AssertWorks(Ring ring)
    {
        for (ulong i = 0; i < 20; i++)
        {
            ring.Entry(i).PrepNop();
            Assert.That(ring.Next().UserData, Is.EqualTo(i));
        }
    }
}
