using Gain.CompilerServices;
using Gain.Workers;

namespace Gain.Tests.Simulation.Outgoing;

/// <summary>An operation that the worker has prepared.</summary>
/// <param name="userData">Its name.</param>
/// <param name="socket">What it is about; null for an accept or a cancellation.</param>
internal sealed class OutgoingOperation(ulong userData, OutgoingSocket? socket)
{
    public ulong UserData => userData;

    public OutgoingSocket? Socket => socket;

    public Operation Kind => (Operation)(userData >> 56);

    /// <summary>What a cancellation is about.</summary>
    public ulong Target { get; init; }

    /// <summary>What a send is to send, read when it is over.</summary>
    public Func<byte[]>? Read { get; init; }

    /// <summary>An accept that ends with its first connection.</summary>
    public bool TakesOne { get; init; }

    public bool IsSubmitted { get; set; }

    /// <summary>Its last completion is on its way.</summary>
    public bool IsOver { get; set; }

    /// <summary>Its cancellation has been asked for.</summary>
    public bool IsCancelled { get; set; }
}
