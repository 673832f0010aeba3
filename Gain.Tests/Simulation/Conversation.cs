namespace Gain.Tests.Simulation;

/// <summary>What one peer says, and what it has to be answered, byte by byte.</summary>
internal sealed class Conversation
{
    /// <summary>Everything that the peer sends, if it gets so far.</summary>
    public required byte[] Output { get; init; }

    /// <summary>Everything that the protocol answers to all of it, the end included.</summary>
    public required byte[] Expected { get; init; }

    /// <summary>The same in memory that never moves, for what is sent from where it lies.</summary>
    public byte[] Fixed => field ??= Fix(Expected);

    /// <summary>
    /// After so many bytes from the peer, so many are answered: of each message, in order. Null for an echo.
    /// </summary>
    public List<(int Input, int Answer)>? Marks { get; init; }

    /// <summary>Bytes that are sent before the first one is read.</summary>
    public int Greeting { get; init; }

    /// <summary>The peer breaks the framing.</summary>
    public bool IsViolation { get; init; }

    /// <summary>After so many bytes the protocol ends the connection; never when negative.</summary>
    public int EndsAfter { get; init; } = -1;

    public bool EndsByAbort { get; init; }

    /// <summary>Behind so many bytes the protocol starts the layer; never when negative.</summary>
    public int UpgradesAfter { get; init; } = -1;

    /// <summary>What it writes then at once, and what waits for the layer.</summary>
    public byte[] Banner { get; init; } = [];

    private static byte[] Fix(byte[] bytes)
    {
        byte[] pinned = GC.AllocateUninitializedArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(pinned, 0);
        return pinned;
    }

    /// <summary>How many bytes are answered once so many were delivered.</summary>
    public int AnswersTo(int input)
    {
        if (Marks is null)
        {
            return Greeting + (EndsAfter < 0 ? input : Math.Min(input, EndsAfter));
        }

        int answers = Greeting;
        foreach ((int end, int answer) in Marks)
        {
            if (end > input)
            {
                break;
            }

            answers = answer;
        }

        return answers;
    }
}
