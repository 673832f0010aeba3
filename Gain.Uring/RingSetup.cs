using System.Numerics;
using Gain.Kernel;
using static Gain.Kernel.IORING_SETUP;

namespace Gain.Uring;

/// <summary>
/// Makes the kernel's side of a ring with what the kernel can: flags that it refuses are peeled off, newest
/// first, and sizes that do not fit into the memlock limit are halved.
/// </summary>
internal static unsafe class RingSetup
{
    /// <summary>The flags that a ring can be asked for; CLAMP and CQSIZE it always has.</summary>
    internal const RingSetupFlags KnownFlags = Droppable | RingSetupFlags.DevicePolling
        | RingSetupFlags.SubmissionThread | RingSetupFlags.Disabled | RingSetupFlags.LargeSubmissions
        | RingSetupFlags.LargeCompletions | RingSetupFlags.NoMapping | RingSetupFlags.RegisteredDescriptorOnly
        | RingSetupFlags.HybridDevicePolling | RingSetupFlags.MixedCompletions
        | RingSetupFlags.MixedSubmissions | RingSetupFlags.Rewind;

    // Without these a ring does the same, slower.
    internal const RingSetupFlags Droppable = RingSetupFlags.SubmitAll | RingSetupFlags.CooperativeTaskRun
        | RingSetupFlags.TaskRunFlag | RingSetupFlags.SingleIssuer | RingSetupFlags.DeferTaskRun
        | RingSetupFlags.NoSubmissionArray;

    // Sizes below this are not worth a server's while.
    private const uint MinEntries = 64;

    // What rings that were closed had locked is given back late, so that it can pay to wait.
    private static ReadOnlySpan<byte> MemoryWaitsMs => [10, 20, 50];

    /// <summary>Opens a ring.</summary>
    /// <returns>The descriptor; <paramref name="parameters"/> says what was given.</returns>
    /// <exception cref="RingException">The kernel gives no ring at all.</exception>
    internal static int Open(
        RingOptions options, IRingCalls calls, RingMemory? memory, out io_uring_params parameters)
    {
        uint flags = (uint)options.Flags;
        uint entries = (uint)options.Entries;
        uint completions = CompletionsOf(options);
        io_uring_params asked = Ask(options, memory);
        uint fewest = Math.Min(MinEntries, entries);
        int waited = 0;
        while (true)
        {
            int result = Attempt(calls, entries, completions, flags, asked, out parameters);
            if (result >= 0)
            {
                return result;
            }

            if (result == -Errno.EINVAL && Peel(flags) != flags)
            {
                flags = Peel(flags);
            }
            else if (result == -Errno.ENOMEM && waited < MemoryWaitsMs.Length)
            {
                calls.Wait(MemoryWaitsMs[waited]);
                waited++;
            }
            else if (result == -Errno.ENOMEM && entries / 2 >= fewest)
            {
                entries /= 2;
                completions /= 2;
            }
            else
            {
                throw new RingException("io_uring_setup", -result, RingAdvice.Setup(-result, options));
            }
        }
    }

    /// <summary>The submission entries that the kernel makes: a power of two.</summary>
    internal static uint EntriesOf(RingOptions options) =>
        BitOperations.RoundUpToPowerOf2((uint)options.Entries);

    /// <summary>The completion entries that the kernel makes.</summary>
    internal static uint CompletionsOf(RingOptions options) => options.CompletionEntries != 0
        ? BitOperations.RoundUpToPowerOf2((uint)options.CompletionEntries)
        : Math.Min(EntriesOf(options) * 8, RingOptions.MaxCompletionEntries);

    /// <summary>Refuses what no kernel could give.</summary>
    internal static void Validate(RingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Entries, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Entries, RingOptions.MaxEntries);
        ArgumentOutOfRangeException.ThrowIfNegative(options.SubmissionThreadIdleMs);
        if (options.CompletionEntries != 0)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(options.CompletionEntries, options.Entries);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(
                options.CompletionEntries, RingOptions.MaxCompletionEntries);
        }

        if (options.SubmissionThreadCpu is { } cpu)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(cpu, nameof(options.SubmissionThreadCpu));
        }

        ObjectDisposedException.ThrowIf(options.AttachTo is { IsDisposed: true }, typeof(Ring));
        RingSetupFlags flags = options.Flags;
        Refuse(
            options.SubmissionThreadCpu is not null && !Has(flags, RingSetupFlags.SubmissionThread),
            $"SubmissionThreadCpu is {options.SubmissionThreadCpu}, and the ring has no submission thread: "
            + "add RingSetupFlags.SubmissionThread, or leave the CPU out.");
        Refuse(
            options.AttachTo is { Descriptor: < 0 },
            "AttachTo is a ring without a descriptor (RegisteredDescriptorOnly, or CloseDescriptor was "
            + "called), by which the kernel would find it.");
        Refuse(
            Has(flags, RingSetupFlags.TaskRunFlag) && (flags & (RingSetupFlags.DeferTaskRun
                | RingSetupFlags.CooperativeTaskRun)) == 0,
            "TaskRunFlag needs DeferTaskRun or CooperativeTaskRun: without them no completion waits.");
        Refuse((flags & ~KnownFlags) != 0, $"Unknown flags: {flags & ~KnownFlags}.");
        Refuse(
            Has(flags, RingSetupFlags.DeferTaskRun) && (!Has(flags, RingSetupFlags.SingleIssuer)
                || Has(flags, RingSetupFlags.CooperativeTaskRun)),
            "DeferTaskRun needs SingleIssuer and excludes CooperativeTaskRun.");
        Refuse(
            Has(flags, RingSetupFlags.SubmissionThread) && (flags & (RingSetupFlags.DeferTaskRun
                | RingSetupFlags.CooperativeTaskRun | RingSetupFlags.TaskRunFlag)) != 0,
            "SubmissionThread excludes DeferTaskRun (which is in Default), CooperativeTaskRun and "
            + "TaskRunFlag.");
        Refuse(
            Has(flags, RingSetupFlags.RegisteredDescriptorOnly) && !Has(flags, RingSetupFlags.NoMapping),
            "RegisteredDescriptorOnly needs NoMapping: without a descriptor there is nothing to map.");
        Refuse(
            options.MemoryAddress != 0 && !Has(flags, RingSetupFlags.NoMapping),
            "MemoryAddress needs the flag NoMapping.");
        Refuse(
            options.MemoryAddress % Environment.SystemPageSize != 0, "MemoryAddress is not page-aligned.");
    }

    private static bool Has(RingSetupFlags flags, RingSetupFlags one) => (flags & one) != 0;

    private static void Refuse(bool isWrong, string reason)
    {
        if (isWrong)
        {
            throw new ArgumentException(reason, "options");
        }
    }

    // What is asked whatever is peeled off.
    private static io_uring_params Ask(RingOptions options, RingMemory? memory)
    {
        io_uring_params asked = default;
        asked.sq_thread_idle = (uint)options.SubmissionThreadIdleMs;
        if (options.SubmissionThreadCpu is { } cpu)
        {
            asked.flags |= IORING_SETUP_SQ_AFF;
            asked.sq_thread_cpu = (uint)cpu;
        }

        if (options.AttachTo is { } other)
        {
            asked.flags |= IORING_SETUP_ATTACH_WQ;
            asked.wq_fd = (uint)other.Descriptor;
        }

        if (memory is not null)
        {
            asked.sq_off.user_addr = (ulong)memory.Entries;
            asked.cq_off.user_addr = (ulong)memory.Rings;
        }

        return asked;
    }

    // Without the flag that the kernel that refused is most likely not to know. CLAMP and CQSIZE stay: what
    // lacks these is of no use.
    private static uint Peel(uint flags)
    {
        if ((flags & IORING_SETUP_NO_SQARRAY) != 0)
        {
            return flags & ~IORING_SETUP_NO_SQARRAY;
        }

        if ((flags & IORING_SETUP_DEFER_TASKRUN) != 0)
        {
            return (flags & ~IORING_SETUP_DEFER_TASKRUN) | IORING_SETUP_COOP_TASKRUN;
        }

        if ((flags & IORING_SETUP_SINGLE_ISSUER) != 0)
        {
            return flags & ~IORING_SETUP_SINGLE_ISSUER;
        }

        if ((flags & (IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG)) != 0)
        {
            return flags & ~(IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG);
        }

        return flags & ~IORING_SETUP_SUBMIT_ALL;
    }

    private static int Attempt(
        IRingCalls calls, uint entries, uint completions, uint flags, io_uring_params asked,
        out io_uring_params parameters)
    {
        asked.flags |= flags | IORING_SETUP_CLAMP | IORING_SETUP_CQSIZE;
        asked.cq_entries = completions;
        int result = calls.Setup(entries, &asked);
        parameters = asked;
        return result;
    }
}
