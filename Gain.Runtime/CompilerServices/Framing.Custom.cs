using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Gain.CompilerServices;

public static partial class Framing
{
    private const int LeastPortion = 256;

    /// <summary>
    /// How many of the bytes left to show the user's parser next, behind those carried: as many again, so
    /// that what is copied stays in proportion to the message.
    /// </summary>
    [AllocationFree]
    public static int Portion(int carried, int left) => Math.Min(left, Math.Max(carried, LeastPortion));

    /// <summary>The bytes that the user's parser took off for a message.</summary>
    [AllocationFree]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Taken(ReadOnlySpan<byte> shown, ReadOnlySpan<byte> unread)
    {
        if (unread.Length >= shown.Length)
        {
            ThrowNothingTaken(shown.Length, unread.Length);
        }

        return shown.Length - unread.Length;
    }

    /// <summary>
    /// Refuses a message that ends in bytes of which the user's parser has said that more are missing.
    /// </summary>
    [DoesNotReturn]
    public static void ThrowFoundLate() =>
        throw new InvalidOperationException(
            "TryReadFrame found a message in bytes in which it had found none before: what it answers may "
            + "depend on the message's own bytes only.");

    [DoesNotReturn]
    private static void ThrowNothingTaken(int shown, int unread) =>
        throw new InvalidOperationException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"TryReadFrame returned true and left {unread:N0} of {shown:N0} bytes in `buffer`: it has to "
                + $"take the message off, as in `buffer = buffer[length..]`."));
}
