using System.ComponentModel;
using System.Runtime.CompilerServices;
using Gain.Slots;

namespace Gain.CompilerServices;

/// <summary>What generated code calls for the state that a worker's connections share.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PerWorkerState
{
    /// <summary>The worker's instance of a type.</summary>
    /// <param name="connection">A connection of the worker.</param>
    /// <param name="index">The type's place in the order in which the protocol named its types.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T Get<T>(Connection connection, int index) =>
        ref ((PerWorkerValue<T>)connection.PerWorker[index]).Value;

    /// <summary>Like the other overload, for a callback that has no connection.</summary>
    /// <param name="datagram">A datagram of the worker.</param>
    /// <param name="index">The type's place in the order in which the protocol named its types.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T Get<T>(Datagram datagram, int index) =>
        ref ((PerWorkerValue<T>)datagram.PerWorker[index]).Value;

    /// <summary>Like the other overload, for the end of a socket for datagrams.</summary>
    /// <param name="end">The end of a socket of the worker's.</param>
    /// <param name="index">The type's place in the order in which the protocol named its types.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T Get<T>(DatagramEnd end, int index) =>
        ref ((PerWorkerValue<T>)end.PerWorker[index]).Value;
}
