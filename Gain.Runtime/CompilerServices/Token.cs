using System.ComponentModel;
using System.Runtime.CompilerServices;
using Gain.Uring;

namespace Gain.CompilerServices;

/// <summary>The user_data of every operation that a worker has in flight.</summary>
/// <remarks>
/// <code>
///  63        56 55                     32 31                               0
/// +------------+-------------------------+----------------------------------+
/// | operation  |          slot           |            generation            |
/// +------------+-------------------------+----------------------------------+
/// </code>
/// The operation is read from the completion and never inferred from the connection's state. The
/// generation tells a completion for an earlier connection in the same slot from one for the present one.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Token
{
    /// <summary>The most slots that a worker can have: 2²⁴.</summary>
    public const int MaxSlots = Bounds.MaxSlots;

    /// <summary>The operation that a completion completes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation OperationOf(CompletionEntry completion) => (Operation)(completion.UserData >> 56);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Pack(Operation operation, int slot, uint generation) =>
        (ulong)operation << 56 | (ulong)(uint)slot << 32 | generation;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int SlotOf(ulong userData) => (int)(userData >> 32) & (MaxSlots - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint GenerationOf(ulong userData) => (uint)userData;
}
