using System.Runtime.CompilerServices;
using Gain.Uring;

namespace Gain.Bench.RingCases;

/// <summary>What the cases share: rings like those of the C program, and checks of results.</summary>
internal static class RingWork
{
    /// <summary>A ring with the flags and sizes of the C program's.</summary>
    public static Ring CreateRing() => Ring.Create(new RingOptions
    {
        Entries = 128,
        CompletionEntries = 256,

        // Without NO_SQARRAY, which liburing before 2.6 has not.
        Flags = RingSetupFlags.SubmitAll | RingSetupFlags.SingleIssuer | RingSetupFlags.DeferTaskRun,
    });

    /// <summary>The names of the cases, as the C program has them.</summary>
    public static string[] Names { get; } = ["nop1", "nop16", "nop128", "pingpong", "read4k"];

    /// <summary>Makes a case.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="file">What <c>read4k</c> reads.</param>
    public static IRingCase Create(string name, string file) => name switch
    {
        "nop1" => new NopCase(1),
        "nop16" => new NopCase(16),
        "nop128" => new NopCase(128),
        "pingpong" => new PingPongCase(),
        "read4k" => new ReadCase(file),
        _ => throw new BenchException($"There is no case {name}: {string.Join(", ", Names)}."),
    };

    /// <summary>The next entry of a ring that is never full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SubmissionEntry Next(Ring ring)
    {
        if (!ring.TryGetEntry(out SubmissionEntry entry))
        {
            ThrowFull();
        }

        return entry;
    }

    public static void Submit(Ring ring, uint count)
    {
        int result = ring.SubmitAndWait(count, -1);
        if (result < 0)
        {
            throw new BenchException($"A submission failed with errno {-result}.");
        }
    }

    /// <summary>Takes all completions, each of which has to have the result.</summary>
    public static int Take(Ring ring, int expected)
    {
        int count = 0;
        foreach (ref readonly CompletionEntry completion in ring.TakeCompletions())
        {
            if (completion.Result != expected)
            {
                ThrowWrong(in completion, expected);
            }

            count++;
        }

        return count;
    }

    public static void ThrowWrong(in CompletionEntry completion, int expected) => throw new BenchException(
        $"An operation's result is {completion.Result}, and not {expected}. {completion.Error}");

    private static void ThrowFull() => throw new BenchException("The submission ring is full.");
}
