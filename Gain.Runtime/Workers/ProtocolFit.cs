using Gain.CompilerServices;
using Gain.Sockets;

namespace Gain.Workers;

/// <summary>Whether a protocol can serve what arrives at an address.</summary>
internal static class ProtocolFit
{
    // OnStart is called whatever arrives.
    private const Callbacks DatagramsOnly = Callbacks.Start | Callbacks.Datagram;

    private const Callbacks Neutral = Callbacks.Start | Callbacks.DatagramClosed;

    /// <summary>Whether a prototype has callbacks for connections.</summary>
    public static bool ServesConnections<TProtocol>(ref TProtocol prototype)
        where TProtocol : struct, IProtocol<TProtocol> =>
        ((TProtocol.DeclaredBy(ref prototype) & ~Neutral) | Callbacks.Start) != DatagramsOnly;

    /// <summary>Refuses protocols that have no callback for what arrives at a socket.</summary>
    /// <exception cref="GainException">It cannot; the message says what to declare.</exception>
    public static void Check<TProtocol>(ListenPlan<TProtocol> plan, ListenerSet listeners)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        TProtocol[] prototypes = plan.PrototypesByAddress();
        for (int i = 0; i < listeners.ListenersPerWorker; i++)
        {
            ref TProtocol prototype = ref prototypes[listeners.AddressOf(i)];
            Callbacks declared = TProtocol.DeclaredBy(ref prototype);
            string name = TProtocol.NameOf(ref prototype);
            ProtocolContract.Check(TProtocol.ContractOf(ref prototype), name);
            string address = i < listeners.Addresses.Count ? listeners.Addresses[i] : "an address";
            if (listeners.IsDatagram(i) && (declared & Callbacks.Datagram) == 0)
            {
                throw new GainException(
                    GainError.ProtocolMismatch,
                    $"{name} cannot serve {address}: datagrams arrive there, and it declares no OnDatagram. "
                    + "Add void OnDatagram(Datagram datagram, ReadOnlySpan<byte> data), or listen on tcp:// "
                    + "or unix://.");
            }

            if (!listeners.IsDatagram(i) && !ServesConnections(ref prototype))
            {
                throw new GainException(
                    GainError.ProtocolMismatch,
                    $"{name} cannot serve {address}: connections arrive there, and it declares only "
                    + "OnDatagram. Add a callback for connections, as void OnRead(Connection connection, "
                    + "ReadOnlySpan<byte> data), or listen on udp:// or unixgram://.");
            }
        }
    }
}
