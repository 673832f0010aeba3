using System.Net;
using Gain.Sockets;

namespace Gain.Workers;

/// <summary>
/// Dials whose connect is over, and whose layer is being set up: where they lead, and why they fail.
/// </summary>
/// <param name="dialled">The worker's dials, by slot; empty where nothing can be dialled.</param>
internal sealed class DialStarts(Dialled[] dialled)
{
    /// <summary>Whether a connection is one of them.</summary>
    public bool Has(int index) => dialled.Length != 0 && dialled[index].IsStarting;

    /// <summary>The set-up of a dial's layer begins.</summary>
    public void Begin(int index, GainAddress target)
    {
        dialled[index].IsStarting = true;
        dialled[index].LastFailure = new ConnectFailure(ConnectFailureReason.None, 0, target);
    }

    /// <summary>Notes why the set-up fails; it ends with its connection.</summary>
    /// <returns>False where the connection is none of these.</returns>
    public bool Note(int index, string why)
    {
        if (!Has(index))
        {
            return false;
        }

        ref ConnectFailure failure = ref dialled[index].LastFailure;
        failure = new ConnectFailure(ConnectFailureReason.HandshakeFailed, 0, failure.Target, why);
        return true;
    }

    /// <summary>Why a set-up has failed whose connection has ended.</summary>
    public ConnectFailure FailureOf(int index, CloseReason reason)
    {
        ConnectFailure noted = dialled[index].LastFailure;
        return noted.Reason != ConnectFailureReason.None ? noted : reason switch
        {
            CloseReason.Local or CloseReason.Aborted or CloseReason.ServerStopped or CloseReason.HandlerFault
                or CloseReason.Coupled => new(ConnectFailureReason.Cancelled, 0, noted.Target),
            CloseReason.Reset => new(
                ConnectFailureReason.HandshakeFailed, 0, noted.Target, "the other end reset the connection"),
            _ => new(ConnectFailureReason.HandshakeFailed, 0, noted.Target, $"it was closed for {reason}"),
        };
    }

    /// <summary>The address as a certificate has it: without port and interface; empty for none.</summary>
    public static string HostOf(GainAddress peer) => peer.Kind is GainAddressKind.IPv4 or GainAddressKind.IPv6
        ? new IPAddress(peer.ToIPEndPoint().Address.GetAddressBytes()).ToString()
        : "";

    /// <summary>What is said to who dials over a layer that the handler's type has not.</summary>
    public static InvalidOperationException NoLayer(string handler, in RemoteEnd target) => new(
        $"Cannot dial {target}: {handler} has no options for TLS. Add the package Gain.Tls and "
        + $".UseTls(new TlsClientOptions()) behind .Dial(new {handler}()), or dial tcp:// for a connection "
        + "that everyone on the way can read.");
}
