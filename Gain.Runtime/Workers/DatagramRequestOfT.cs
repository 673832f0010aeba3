using Gain.Slots;
using Gain.Sockets;

namespace Gain.Workers;

/// <summary>With a handler of its own, or the prototype's.</summary>
internal sealed class DatagramRequest<THandler>(
    THandler handler, bool isGiven, RemoteEnd target, WorkerGroup workers, int workerCount, int first)
    : DatagramRequest(target, workers, workerCount, first)
    where THandler : struct
{
    private readonly THandler _handler = handler;

    public override bool TryBegin(OutgoingDoor door, out DatagramPlace? place) =>
        door.TryDialDatagram(in _handler, isGiven, Current, this, out place);
}
