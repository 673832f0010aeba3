using System.ComponentModel;

namespace Gain.CompilerServices;

/// <summary>
/// What generated code and this library expect of each other, as a number. An assembly of handlers is
/// compiled once and may meet a newer library: members are added to <see cref="IProtocol{TSelf}"/> with a
/// body only, so that it works. Where that cannot be, the number rises, and a server says at its start what
/// is to be built again.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ProtocolContract
{
    /// <summary>The first contract.</summary>
    public const int First = 1;

    /// <summary>The oldest contract that this library keeps.</summary>
    public const int Oldest = First;

    /// <summary>The contract of the generator that comes with this library.</summary>
    public const int Current = First;

    /// <summary>Refuses a handler whose generated code this library does not fit.</summary>
    /// <param name="contract">The handler's contract.</param>
    /// <param name="name">The handler's name.</param>
    /// <exception cref="GainException">It is too old or too new; the message says what to build.</exception>
    internal static void Check(int contract, string name)
    {
        if (contract is >= Oldest and <= Current)
        {
            return;
        }

        string library = typeof(ProtocolContract).Assembly.GetName().Version?.ToString(3) ?? "of this server";
        string known = $"(contract {contract}, and it takes {Oldest} to {Current})";
        throw new GainException(
            GainError.ProtocolMismatch,
            contract < Oldest
                ? $"{name} was compiled with a generator that is older than Gain {library} can serve "
                    + $"{known}: build its assembly again with the package Gain {library}."
                : $"{name} was compiled with a generator that is newer than Gain {library} {known}: give the "
                    + "server the version of the package Gain that its assembly was built with.");
    }
}
