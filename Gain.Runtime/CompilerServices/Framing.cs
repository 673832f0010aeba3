using System.ComponentModel;
using System.Runtime.CompilerServices;
using Gain.Writing;

namespace Gain.CompilerServices;

/// <summary>
/// What generated frame parsers call: the carry of unfinished frames, and searches across it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class Framing
{
    /// <summary>
    /// The beginning of an unfinished frame, from earlier receives; empty when there is none.
    /// </summary>
    /// <remarks>It holds no whole frame, so a parser never searches it again except across its end.</remarks>
    [AllocationFree]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> Carried(Connection connection) => connection.Inbound;

    /// <summary>
    /// Appends the end of a frame to the carry. The result is valid until <see cref="Drop"/>.
    /// </summary>
    [AllocationFree]
    public static ReadOnlySpan<byte> Join(Connection connection, ReadOnlySpan<byte> end) =>
        connection.JoinInbound(end);

    /// <summary>Gives the carry's memory back, after the frame in it was handled.</summary>
    [AllocationFree]
    public static void Drop(Connection connection) => connection.DropInbound();

    /// <summary>
    /// Counts a frame as handled, and says whether the next one may be: the connection is open, and its
    /// outbound bytes are below the high watermark, and the callback left no frame open. When not, the parser
    /// returns; the worker keeps the rest and delivers it later, or ends the connection.
    /// </summary>
    [AllocationFree]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HandledOne(Connection connection) => connection.CountFrame();

    /// <summary>Records a violation of the framing, and returns the value for the parser to return.</summary>
    [AllocationFree]
    public static int Reject(Connection connection, ProtocolErrorKind kind, int maxFrameLength) =>
        connection.Reject(new ProtocolError { Kind = kind, MaxFrameLength = maxFrameLength });

    /// <summary>
    /// Finds the first delimiter that ends in <paramref name="data"/>, where <paramref name="carried"/>
    /// precedes it and holds no whole delimiter.
    /// </summary>
    /// <returns>The number of bytes of <paramref name="data"/> up to the delimiter's end, or -1.</returns>
    [AllocationFree]
    public static int EndAcross(
        ReadOnlySpan<byte> carried, ReadOnlySpan<byte> data, ReadOnlySpan<byte> delimiter) =>
        Delimiters.EndAcross(carried, data, delimiter);
}
