using Gain.Sockets;

namespace Gain.Workers;

/// <summary>As which of the addresses of its start a server serves one that is added.</summary>
internal static class ServedAddresses
{
    /// <summary>Finds it.</summary>
    /// <param name="served">The addresses of the start.</param>
    /// <param name="added">The address that is added.</param>
    /// <param name="like">The number of the address that it is to be served as; null for any.</param>
    /// <exception cref="GainException">There is none, or no telling which.</exception>
    public static byte Find(ServedAddress[] served, ServerAddress added, byte? like)
    {
        CheckKind(added);
        if (like is byte given)
        {
            return Fits(served[given], added)
                ? given
                : throw new GainException(
                    GainError.ProtocolMismatch,
                    $"Cannot listen on {added} and serve it as {served[given].Given} is: "
                    + WhyNot(served[given], added));
        }

        int[] fitting = [.. Enumerable.Range(0, served.Length).Where(i => Fits(served[i], added))];
        if (fitting is [])
        {
            string kind = added.IsSecure ? "one of TLS (tls://)" : "for connections without TLS";
            throw new GainException(
                GainError.ProtocolMismatch,
                $"Cannot listen on {added}: it would be served as one of the addresses that the server was "
                + $"started with, and none is {kind}: {Name(served)}.");
        }

        ServedAddress first = served[fitting[0]];
        return Array.TrueForAll(
            fitting, i => served[i].Prototype == first.Prototype && served[i].Layer == first.Layer)
            ? (byte)fitting[0]
            : throw new GainException(
                GainError.ProtocolMismatch,
                $"Cannot listen on {added}: say with `like` as which address it is to be served, as the "
                + $"server has several protocols or layers: {Name([.. fitting.Select(i => served[i])])}.");
    }

    private static void CheckKind(ServerAddress added)
    {
        if (added is SystemdAddress)
        {
            throw new GainException(
                GainError.AddressUnsupported,
                $"Cannot listen on {added} while the server runs: systemd passes its sockets at the start. "
                + "Start the server with it.");
        }

        if (added.MayHaveDatagrams)
        {
            throw new GainException(
                GainError.AddressUnsupported,
                $"Cannot listen on {added} while the server runs: the buffers for datagrams are made at the "
                + "start. Start the server with it, or another server.");
        }
    }

    private static bool Fits(ServedAddress served, ServerAddress added) =>
        served.ServesConnections && !IsDatagram(served.Given) && served.Given.IsSecure == added.IsSecure;

    // A systemd address may have sockets of both kinds.
    private static bool IsDatagram(ServerAddress address) =>
        address.MayHaveDatagrams && address is not SystemdAddress;

    private static string WhyNot(ServedAddress served, ServerAddress added) =>
        !served.ServesConnections || IsDatagram(served.Given) ? "datagrams arrive there."
        : added.IsSecure ? "it has no TLS. Name an address that begins with tls://."
        : "it has TLS. Name an address without it, or write tls:// for the new one.";

    private static string Name(ServedAddress[] served) =>
        string.Join(", ", served.Select(one => $"{one.Given} ({one.Protocol})"));
}
