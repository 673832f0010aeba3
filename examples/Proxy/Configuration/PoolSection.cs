namespace Gain.Proxy.Configuration;

/// <summary>Backends that do the same.</summary>
internal sealed record PoolSection
{
    /// <summary>tcp://name-or-address:port or unix://path. Each address of a name is a backend.</summary>
    public string[] Backends { get; set; } = [];

    /// <summary>How many backends a client's connection is tried at.</summary>
    public int Tries { get; set; } = 3;

    /// <summary>v1 or v2: connections to backends begin with a PROXY header.</summary>
    public string? SendProxy { get; set; }

    /// <summary>Whether the kernel moves the bytes of directions that stream.</summary>
    public bool Splice { get; set; }

    /// <summary>How often names are looked up again.</summary>
    public TimeSpan ResolveEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Null for none: then every backend counts as up.</summary>
    public CheckSection? Check { get; set; }
}
