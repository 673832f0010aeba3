using Gain.Proxies;
using Gain.Slots;

namespace Gain;

/// <remarks>The PROXY protocol.</remarks>
public readonly ref partial struct Connection
{
    // More than a header needs that has no TLVs.
    private const int HeaderBytes = 128;

    private GainAddress Told => Writer.Proxies is { } said ? said[Table.IndexOf(ref Living)].Source : default;

    /// <summary>What a load balancer has said of the connection: <see
    /// cref="ProxyProtocolOptions"/>.</summary>
    /// <param name="header">Its header, until the callback returns.</param>
    /// <returns>False where none was awaited.</returns>
    [AllocationFree]
    public bool TryGetProxyHeader(out ProxyHeader header)
    {
        int index = Table.IndexOf(ref Living);
        bool isThere = Writer.Proxies is { } said && said[index].Version != ProxyVersion.None;
        header = isThere ? new ProxyHeader(ref Writer.Proxies![index]) : default;
        return isThere;
    }

    /// <summary>
    /// Writes a header of the PROXY protocol, so that the server at the other end knows the client: the first
    /// that is written to a connection that was dialled, best where it is dialled.
    /// </summary>
    /// <param name="version">The form. TLVs need <see cref="ProxyVersion.V2"/>.</param>
    /// <param name="source">
    /// The client's address. The default value, or that of a Unix socket, says that the connection is the
    /// sender's own (LOCAL, or UNKNOWN in version 1), as for a check.
    /// </param>
    /// <param name="destination">The address that the client has connected to.</param>
    /// <param name="tlvs">
    /// TLVs, each made by <see cref="ProxyHeader.TryWriteTlv"/> or copied from <see
    /// cref="ProxyHeader.Tlvs"/>: up to 16,384 bytes. A CRC-32C among them gets the value of this header.
    /// </param>
    /// <exception cref="ArgumentException">The version is none, or the TLVs are too long, or not for
    /// it.</exception>
    /// <exception cref="InvalidOperationException">Something else was written before.</exception>
    [AllocationFree]
    public void SendProxyHeader(
        ProxyVersion version,
        GainAddress source,
        GainAddress destination,
        ReadOnlySpan<byte> tlvs = default)
    {
        ProxyHeader.Check(version, tlvs);
        if (Living.Outbound.Bytes != 0)
        {
            throw new InvalidOperationException(
                "A PROXY header is the first that a connection sends, and something was written to this one: "
                + "send the header right after the dial, or at the begin of OnConnect.");
        }

        Span<byte> room = stackalloc byte[HeaderBytes];
        int most = ProxyWriter.MaxBytes(version, tlvs.Length);
        if (most <= room.Length)
        {
            Send(room[..ProxyWriter.Write(room, version, source, destination, tlvs)]);
            return;
        }

        Advance(ProxyWriter.Write(GetSpan(most), version, source, destination, tlvs));
    }
}
