using System.Net;

namespace Gain;

/// <summary>
/// Listeners behind a load balancer that says, by HAProxy's PROXY protocol, who its clients are:
/// <c>GainServer.Listen(…).UseProxyProtocol(options)</c>.
/// </summary>
/// <remarks>
/// A header is never looked for by guessing: whoever may send one could say to be anyone, and a connection
/// that lacks one would be taken for the balancer's. So the networks of the balancers decide, and nothing
/// else.
/// </remarks>
public sealed class ProxyProtocolOptions
{
    /// <summary>The bytes of the longest header there can be.</summary>
    private const int LongestHeader = 16 + ushort.MaxValue;

    // The addresses of version 2, and a line of version 1, fit.
    private const int ShortestLimit = 16 + 216;

    private static readonly TimeSpan s_maxTimeout = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The networks of the balancers: connections from there must begin with a header. At least one; a Unix
    /// socket's connections count as a balancer's, since its file's permissions say who can be one. Whoever
    /// is in these networks can claim any address, past every limit that goes by addresses, so name the
    /// balancers alone. <c>0.0.0.0/0</c> and <c>::/0</c> trust everybody, which is right where a firewall
    /// lets only balancers in.
    /// </summary>
    public NetworkList TrustedNetworks { get; set; } = [];

    /// <summary>
    /// Whether clients of other networks are served, too, without a header and with their own addresses. A
    /// header of theirs then reaches the handler as data. Default: false, so that they are closed at the
    /// accept and counted as refused by their address.
    /// </summary>
    public bool AcceptsDirectClients { get; set; }

    /// <summary>
    /// How long the header may take, from the accept on: 1 ms to 10 minutes. Default: 5 s. The time of
    /// <see cref="TimeoutOptions.FirstByte"/> begins behind it. A longer one lets connections without a
    /// header hold their places for longer.
    /// </summary>
    public TimeSpan HeaderTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The bytes of a header, its TLVs included: 232 to 65,551. Default: 2,048. A connection whose header is
    /// longer is closed. The TLVs stay in memory for as long as the connection.
    /// </summary>
    public int MaxHeaderBytes { get; set; } = 2_048;

    /// <summary>The networks, once all options are checked.</summary>
    /// <exception cref="GainException">One is not valid; the message says which, and what it may
    /// be.</exception>
    internal IPNetwork[] Validate()
    {
        if (TrustedNetworks is null || TrustedNetworks.Count == 0)
        {
            throw Invalid(
                nameof(TrustedNetworks),
                "empty",
                "at least one network: that of the balancers, or 0.0.0.0/0 and ::/0 where nobody else can "
                + "connect");
        }

        if (HeaderTimeout < TimeSpan.FromMilliseconds(1) || HeaderTimeout > s_maxTimeout)
        {
            throw Invalid(nameof(HeaderTimeout), $"{HeaderTimeout}", $"a time from 1 ms to {s_maxTimeout}");
        }

        if (MaxHeaderBytes is < ShortestLimit or > LongestHeader)
        {
            throw Invalid(
                nameof(MaxHeaderBytes), $"{MaxHeaderBytes}", $"{ShortestLimit:N0} to {LongestHeader:N0}");
        }

        return TrustedNetworks.ParseAs($"{nameof(ProxyProtocolOptions)}.{nameof(TrustedNetworks)}");
    }

    private static GainException Invalid(string option, string value, string allowed) => new(
        GainError.OptionInvalid,
        $"{nameof(ProxyProtocolOptions)}.{option} is {value}, but must be {allowed}.");
}
