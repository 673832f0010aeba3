using Gain.Kernel;
using static Gain.Kernel.IORING_SETUP;

namespace Gain.Uring;

/// <summary>
/// Makes the kernel's side of a ring with what the kernel can: flags that it refuses are peeled off, newest
/// first, and sizes that do not fit into the memlock limit are halved.
/// </summary>
internal static unsafe class RingSetup
{
    // Sizes below this are not worth a server's while.
    private const uint MinEntries = 64;

    // What rings that were closed had locked is given back late, so that it can pay to wait.
    private static ReadOnlySpan<byte> MemoryWaitsMs => [10, 20, 50];

    /// <summary>Opens a ring.</summary>
    /// <returns>The descriptor; <paramref name="parameters"/> says what was given.</returns>
    /// <exception cref="RingException">The kernel gives no ring at all.</exception>
    internal static int Open(RingOptions options, IRingCalls calls, out io_uring_params parameters)
    {
        uint flags = (uint)options.Flags;
        uint entries = (uint)options.Entries;
        uint completions = options.CompletionEntries != 0
            ? (uint)options.CompletionEntries
            : Math.Min(entries * 8, RingOptions.MaxCompletionEntries);
        uint fewest = Math.Min(MinEntries, entries);
        int waited = 0;
        while (true)
        {
            int result = Attempt(calls, entries, completions, flags, out parameters);
            if (result >= 0)
            {
                return result;
            }

            if (result == -Errno.EINVAL && flags != 0)
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
        IRingCalls calls, uint entries, uint completions, uint flags, out io_uring_params parameters)
    {
        io_uring_params asked = default;
        asked.flags = flags | IORING_SETUP_CLAMP | IORING_SETUP_CQSIZE;
        asked.cq_entries = completions;
        int result = calls.Setup(entries, &asked);
        parameters = asked;
        return result;
    }
}
