using Gain.Writing;

namespace Gain.Tests.Server;

/// <summary>The members that are emitted for writing frames.</summary>
internal sealed record FrameWriters(
    FrameWriters.Writer Send, FrameWriters.Step Begin, FrameWriters.Step End, FrameWriters.Step Cancel)
{
    /// <summary>What a connection of theirs may queue, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    public static readonly ConnectionLimits Limits = new(MaxBytes, MaxBytes - 1, MaxBytes, MaxBytes);

    /// <summary>Of a framing whose messages only its author can write.</summary>
    public static FrameWriters Only(Writer send) =>
        new(send, static _ => { }, static _ => { }, static _ => { });

    public delegate void Writer(Connection connection, ReadOnlySpan<byte> payload);

    public delegate void Step(Connection connection);
}
