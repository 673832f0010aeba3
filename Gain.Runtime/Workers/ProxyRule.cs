using System.Net;
using Gain.Sockets;

namespace Gain.Workers;

/// <summary>What the connections of a listener say of their clients, and which of them. Immutable.</summary>
internal sealed class ProxyRule
{
    private readonly AddressFilter _trusted;

    /// <exception cref="GainException">An option is not valid.</exception>
    internal ProxyRule(ProxyProtocolOptions options)
    {
        IPNetwork[] trusted = options.Validate();
        _trusted = new AddressFilter(trusted, []);
        TakesOthers = options.AcceptsDirectClients;
        TimeoutMs = (long)Math.Ceiling(options.HeaderTimeout.TotalMilliseconds);
        MaxBytes = options.MaxHeaderBytes;
    }

    /// <summary>Whether those are served who are not trusted.</summary>
    internal bool TakesOthers { get; }

    /// <summary>How long a header may take.</summary>
    internal long TimeoutMs { get; }

    /// <summary>How long a header may be.</summary>
    internal int MaxBytes { get; }

    /// <summary>Whether a peer has to begin with a header.</summary>
    internal bool Trusts(GainAddress peer) => peer.Kind == GainAddressKind.Unix || _trusted.Allows(peer);
}
