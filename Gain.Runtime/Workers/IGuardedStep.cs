using Gain.CompilerServices;
using Gain.Rings;
using Gain.Slots;

namespace Gain.Workers;

/// <summary>
/// A part of a worker's turn that serves one after another: what is thrown while it serves one ends that one,
/// and the step runs again, from where it was.
/// </summary>
/// <typeparam name="TProtocol">The protocol of the worker's connections.</typeparam>
/// <typeparam name="TRing">The ring it runs on.</typeparam>
internal interface IGuardedStep<TProtocol, TRing>
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    /// <summary>Runs to its end, from where it was.</summary>
    void Run(Worker<TProtocol, TRing> worker);

    /// <summary>
    /// Whom it was serving when something was thrown outside of a callback: a slot, one of
    /// <see cref="Served"/>, or <see cref="Slot.None"/>.
    /// </summary>
    int FindServed(Worker<TProtocol, TRing> worker);
}
