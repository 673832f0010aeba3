using System.Runtime.CompilerServices;
using Gain.CompilerServices;
using Gain.Rings;
using Gain.Uring;

namespace Gain.Workers;

/// <summary>
/// A worker as a struct: what a generated switch is compiled for, so that its calls are direct. A class would
/// share one compiled switch with all others, and be called through the interface.
/// </summary>
/// <typeparam name="TProtocol">The protocol of its connections.</typeparam>
/// <typeparam name="TRing">The ring it runs on.</typeparam>
/// <param name="worker">The worker.</param>
internal readonly struct WorkerReference<TProtocol, TRing>(Worker<TProtocol, TRing> worker) : IWorker
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void HandleReceive(CompletionEntry completion) => worker.Receiver.HandleReceive(completion);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void HandleSend(CompletionEntry completion) => worker.Sender.HandleSend(completion);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void HandleAccept(CompletionEntry completion) => worker.Intake.HandleAccept(completion);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void HandleDatagram(CompletionEntry completion) => worker.Datagrams.HandleDatagram(completion);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void HandleOther(CompletionEntry completion) => worker.HandleOther(completion);
}
