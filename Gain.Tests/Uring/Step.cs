namespace Gain.Tests.Uring;

/// <summary>One operation of a random program.</summary>
internal sealed record Step(StepKind Kind, int First, int Second, int Offset, int Length)
{
    /// <summary>A name: of a file, of something in a directory, or of nothing yet.</summary>
    internal static string Name(int number) => number == 3 ? "d/x" : $"n{number}";

    /// <summary>What a write of this step writes.</summary>
    internal byte[] Data()
    {
        byte[] data = new byte[Length];
        new Random(Offset + Length).NextBytes(data);
        return data;
    }
}

/// <summary>What a step does.</summary>
internal enum StepKind
{
    Write,
    Read,
    Truncate,
    Allocate,
    Sync,
    MakeDirectory,
    Rename,
    Link,
    SymbolicLink,
    Unlink,
    Remove,
    Status,
}
