using System.Text;
using Gain.Tls.OpenSsl;

namespace Gain.Tls;

/// <summary>
/// One worker's SSL_CTX, and one for each server name, made from options that later changes do not reach.
/// Each worker has one of its own: OpenSSL 3 takes locks on what threads share. To renew certificates, make
/// another and dispose of this one: its sessions go on, and the last of them frees it.
/// </summary>
internal sealed class TlsContext : IDisposable
{
    private readonly SslContextHandle _default;
    private readonly Dictionary<string, NamedContext> _names = new(StringComparer.Ordinal);
    private int _references = 1;
    private int _isDisposed;

    private TlsContext(TlsOptions options, bool isServer)
    {
        OpenSslLibrary.EnsureLoaded();
        IsServer = isServer;
        Protocols = ProtocolList(options.ApplicationProtocols);
        CheckPeer = options.CheckPeer;
        KeyLogFile = options.KeyLogFile;
        if (options is TlsServerOptions server)
        {
            DefaultCertificate = server.Certificate?.Content ?? throw Invalid(
                nameof(TlsServerOptions.Certificate), "it is not set, and a server cannot do without one");
            SelectCertificate = server.SelectCertificate;
            TicketKeys = server.TicketKeys;
        }
        else
        {
            var client = (TlsClientOptions)options;
            DefaultCertificate = client.Certificate?.Content;
            ChecksHostName = client.CheckHostName;
            RequestsOcspStaple = client.RequestOcspStaple;
            Resumptions = client.ResumesSessions
                ? new ResumptionCache(client.MaxResumptions, client.ResumptionLifetime)
                : null;
        }

        _default = SslSettings.Create(options, DefaultCertificate, Protocols);
    }

    /// <summary>Called with the tag of a session whose choice of a certificate was made, on any
    /// thread.</summary>
    internal Action<long>? Resumable { get; set; }

    internal bool IsServer { get; }

    internal CertificateContent? DefaultCertificate { get; }

    internal TlsTicketKeys? TicketKeys { get; }

    internal TlsPeerCheck? CheckPeer { get; }

    internal Func<TlsClientHello, ValueTask<TlsCertificate?>>? SelectCertificate { get; }

    internal bool RequestsOcspStaple { get; }

    internal bool ChecksHostName { get; }

    /// <summary>A client's tickets; null where it resumes no sessions.</summary>
    internal ResumptionCache? Resumptions { get; }

    internal string? KeyLogFile { get; }

    /// <summary>The application protocols as they go over the wire: each behind its length.</summary>
    internal byte[] Protocols { get; }

    /// <summary>The SSL_CTX that sessions begin with.</summary>
    internal nint Pointer => _default.Pointer;

    /// <summary>Reads the options of a server.</summary>
    /// <exception cref="TlsException">One of them cannot be used; nothing was changed.</exception>
    internal static TlsContext ForServer(TlsServerOptions options)
    {
        var context = new TlsContext(options, isServer: true);
        try
        {
            foreach ((string name, TlsCertificate certificate) in options.ServerNames)
            {
                context.AddName(options, name, certificate);
            }

            return context;
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    /// <summary>Reads the options of a client.</summary>
    /// <exception cref="TlsException">One of them cannot be used.</exception>
    internal static TlsContext ForClient(TlsClientOptions options) => new(options, isServer: false);

    /// <summary>No new sessions; the contexts go with the last one that there is.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            Release();
        }
    }

    /// <summary>Holds the context for a session.</summary>
    internal void AddReference()
    {
        int before;
        do
        {
            before = Volatile.Read(ref _references);
            ObjectDisposedException.ThrowIf(before == 0 || Volatile.Read(ref _isDisposed) != 0, this);
        }
        while (Interlocked.CompareExchange(ref _references, before + 1, before) != before);
    }

    /// <summary>A session is gone.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            Resumptions?.Dispose();
            _default.Dispose();
            foreach (NamedContext named in _names.Values)
            {
                named.Handle.Dispose();
            }
        }
    }

    /// <summary>The context of a name in the form of <see cref="ServerName"/>: its own, or that of its
    /// wildcard.</summary>
    internal bool TryFind(ReadOnlySpan<char> name, out NamedContext found)
    {
        found = default;
        if (_names.Count == 0 || name.IsEmpty)
        {
            return false;
        }

        var lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(name, out found))
        {
            return true;
        }

        int dot = name.IndexOf('.');
        if (dot <= 0)
        {
            return false;
        }

        Span<char> wildcard = stackalloc char[ServerName.MaxLength + 1];
        wildcard[0] = '*';
        name[dot..].CopyTo(wildcard[1..]);
        return lookup.TryGetValue(wildcard[..(name.Length - dot + 1)], out found);
    }

    private void AddName(TlsServerOptions options, string name, TlsCertificate certificate)
    {
        bool isWildcard = name.StartsWith("*.", StringComparison.Ordinal);
        Span<char> room = stackalloc char[ServerName.MaxLength];
        byte[] text = Encoding.UTF8.GetBytes(isWildcard ? name[2..] : name);
        if (!ServerName.TryNormalize(text, room, out int length) || length == 0)
        {
            throw Invalid(
                nameof(TlsServerOptions.ServerNames),
                $"\"{TlsIdentity.Escape(name)}\" is no host name; write \"example.com\" or "
                + "\"*.example.com\", and names outside of ASCII in their xn-- form");
        }

        string key = isWildcard ? $"*.{room[..length]}" : room[..length].ToString();
        CertificateContent content = certificate.Content;
        var named = new NamedContext(SslSettings.Create(options, content, Protocols), content);
        if (!_names.TryAdd(key, named))
        {
            named.Handle.Dispose();
            throw Invalid(nameof(TlsServerOptions.ServerNames), $"\"{key}\" is there twice");
        }
    }

    private static byte[] ProtocolList(IList<string> protocols)
    {
        var list = new List<byte>();
        foreach (string protocol in protocols)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(protocol);
            if (bytes.Length is 0 or > byte.MaxValue)
            {
                throw Invalid(
                    nameof(TlsOptions.ApplicationProtocols),
                        $"\"{protocol}\" has {bytes.Length} bytes, not 1 to 255");
            }

            list.Add((byte)bytes.Length);
            list.AddRange(bytes);
        }

        return [.. list];
    }

    private static TlsException Invalid(string option, string why) =>
        new(TlsError.OptionInvalid, $"{option} cannot be used: {why}.");
}
