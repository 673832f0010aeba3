using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gain.Bench.Tools;

/// <summary>A process that ends with its owner: disposing of it kills it and its children.</summary>
internal sealed partial class Child : IAsyncDisposable
{
    private const int SigTerm = 15;

    private readonly Process _process;

    private Child(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Output.Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Errors.Add(line.Data);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>The end of what it wrote to standard output.</summary>
    public Tail Output { get; } = new();

    /// <summary>The end of what it wrote to standard error.</summary>
    public Tail Errors { get; } = new();

    /// <summary>Starts a program.</summary>
    /// <param name="words">The program, looked up on PATH, and its arguments.</param>
    /// <param name="variables">Environment variables besides those of this process.</param>
    /// <exception cref="BenchException">There is no such program.</exception>
    public static Child Start(
        IReadOnlyList<string> words, IReadOnlyDictionary<string, string>? variables = null)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var child = new Child(new Process { StartInfo = start });
        try
        {
            child._process.Start();
        }
        catch (Win32Exception missing)
        {
            throw new BenchException($"Cannot start {words[0]}: {missing.Message}.");
        }

        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="TimeoutException">It took longer than the limit, and was killed.</exception>
    public static async Task<Child> RunAsync(
        IReadOnlyList<string> words, TimeSpan limit, CancellationToken cancellation)
    {
        Child child = Start(words);
        try
        {
            await child._process.WaitForExitAsync(cancellation).WaitAsync(limit, cancellation);
            return child;
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for the end of the process and of its output.</summary>
    public Task WaitAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    /// <summary>Asks the process to end (SIGTERM).</summary>
    public void Terminate()
    {
        if (!HasExited)
        {
            _ = Kill(Id, SigTerm);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception gone)
            when (gone is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended in the meantime.
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
