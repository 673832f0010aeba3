using Gain.Slots;
using Gain.Sockets;

namespace Gain.Workers;

/// <summary>With a handler of its own, or the prototype's.</summary>
internal sealed class DialRequest<THandler>(THandler handler, bool isGiven, RemoteEnd target)
    : DialRequest(target)
    where THandler : struct
{
    private readonly THandler _handler = handler;

    public override bool TryBegin(OutgoingDoor door, out int index) =>
        door.TryDial(in _handler, isGiven, isRented: false, Target, out index);
}
