using Gain.Sockets;

namespace Gain.Workers;

/// <summary>A socket for datagrams that waits for what its name stands for.</summary>
internal sealed class DatagramNameWaiter(DialName name, DatagramRequest request)
    : NameWaiter(name, slot: -1, inbox: null)
{
    public override void Answer(GainAddress[] addresses) => request.Take(addresses);
}
