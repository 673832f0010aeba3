namespace Gain.Bench.Tools;

/// <summary>The two C programs, compiled for this machine.</summary>
/// <param name="Floor">The hand-written server.</param>
/// <param name="Load">The load generator.</param>
internal sealed record NativePrograms(string Floor, string Load)
{
    private static readonly TimeSpan s_compileLimit = TimeSpan.FromMinutes(2);

    /// <summary>Compiles both. Always: a stale floor would falsify every ratio.</summary>
    /// <exception cref="BenchException">The compiler, or what it needs, is missing.</exception>
    public static async Task<NativePrograms> CompileAsync(CancellationToken cancellation)
    {
        string load = await CompileAsync(Repository.LoadSources, "load", [], cancellation);
        string floor = await CompileAsync(Repository.LoadSources, "floor", ["-luring"], cancellation);
        return new NativePrograms(floor, load);
    }

    /// <summary>Compiles the load, and the floor as a backend that echoes long messages.</summary>
    /// <exception cref="BenchException">The compiler, or what it needs, is missing.</exception>
    public static async Task<NativePrograms> CompileRelayAsync(CancellationToken cancellation)
    {
        string load = await CompileAsync(Repository.LoadSources, "load", [], cancellation);
        string backend = await CompileAsync(
            Repository.LoadSources, "floor", ["-DOUTPUT_LIMIT=1048576", "-luring"], cancellation);
        return new NativePrograms(backend, load);
    }

    /// <summary>Compiles the load of TLS, and returns its path.</summary>
    /// <exception cref="BenchException">The compiler, or what it needs, is missing.</exception>
    public static Task<string> CompileSecureAsync(CancellationToken cancellation) =>
        CompileAsync(Repository.LoadSources, "secure", ["-lssl", "-lcrypto"], cancellation);

    /// <summary>Compiles the open-loop generator, and returns its path.</summary>
    /// <exception cref="BenchException">The compiler is missing.</exception>
    public static Task<string> CompilePacedAsync(CancellationToken cancellation) =>
        CompileAsync(Repository.LoadSources, "paced", [], cancellation);

    /// <summary>Compiles what the rings of Gain.Uring are compared with, and returns its path.</summary>
    /// <exception cref="BenchException">The compiler, or what it needs, is missing.</exception>
    public static Task<string> CompileBaselineAsync(CancellationToken cancellation) =>
        CompileAsync(Repository.BaselineSources, "uring", ["-luring"], cancellation);

    /// <summary>Compiles what dials are compared with, and returns its path.</summary>
    /// <exception cref="BenchException">The compiler, or what it needs, is missing.</exception>
    public static Task<string> CompileDialsAsync(CancellationToken cancellation) =>
        CompileAsync(Repository.BaselineSources, "dials", ["-luring"], cancellation);

    /// <summary>Compiles the echo of datagrams and its load.</summary>
    /// <exception cref="BenchException">The compiler, or what it needs, is missing.</exception>
    public static async Task<NativePrograms> CompileDatagramsAsync(CancellationToken cancellation)
    {
        string load = await CompileAsync(Repository.LoadSources, "datagrams", [], cancellation);
        string floor = await CompileAsync(Repository.BaselineSources, "udp_echo", [], cancellation);
        return new NativePrograms(floor, load);
    }

    private static async Task<string> CompileAsync(
        string folder, string name, string[] libraries, CancellationToken cancellation)
    {
        string program = Path.Combine(Repository.BuildFolder("load"), name);
        string source = Path.Combine(folder, name + ".c");
        string[] words = ["cc", "-O3", "-march=native", "-o", program, source, .. libraries];
        await using Child compiler = await RunCompilerAsync(words, cancellation);
        if (compiler.ExitCode == 0)
        {
            return program;
        }

        string errors = compiler.Errors.ToString();
        if (errors.Contains("openssl/") || errors.Contains("-lssl"))
        {
            throw new BenchException($"{name}.c needs the headers of OpenSSL: install libssl-dev.");
        }

        throw new BenchException(errors.Contains("liburing.h") || errors.Contains("-luring")
            ? $"{name}.c needs the headers of liburing: install liburing-dev (on Fedora: liburing-devel)."
            : $"cc cannot compile {name}.c:{Environment.NewLine}{errors}");
    }

    private static async Task<Child> RunCompilerAsync(string[] words, CancellationToken cancellation)
    {
        try
        {
            return await Child.RunAsync(words, s_compileLimit, cancellation);
        }
        catch (BenchException)
        {
            throw new BenchException("There is no C compiler (cc) on PATH: install gcc or clang.");
        }
    }
}
