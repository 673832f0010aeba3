using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Gain.MutationTester;

/// <summary>The tree, and a copy of it that holds the mutants.</summary>
internal sealed class ScratchTree
{
    // What the tests are judged with, besides the tests: the mutants are others when it changes.
    private static readonly string[] s_engine =
        ["Gain.Runtime/", "Gain.Generators/", "Gain.Uring/", "extensions/Gain.Tls/"];

    private readonly string _root;
    private readonly IReadOnlyList<string> _files;

    /// <param name="root">Where Gain.sln is.</param>
    /// <param name="scratch">The copy, and what is known of its mutants.</param>
    public ScratchTree(string root, string scratch)
    {
        if (!File.Exists(Path.Combine(root, "Gain.sln")))
        {
            throw new InvalidOperationException(
                $"{root} is not the root of the tree: Gain.sln is not there.");
        }

        _root = root;
        Scratch = scratch;
        Copy = Path.Combine(scratch, "tree");
        IEnumerable<string> files = Listed().Where(file => File.Exists(Path.Combine(root, file)));
        _files = [.. files.Order(StringComparer.Ordinal)];
    }

    public string Scratch { get; }

    public string Copy { get; }

    public IEnumerable<string> SourcesIn(string folder) => _files
        .Where(file => file.StartsWith(folder + "/", StringComparison.Ordinal))
        .Where(file => file.EndsWith(".cs", StringComparison.Ordinal));

    public string Read(string file) => File.ReadAllText(Path.Combine(_root, file));

    /// <summary>Another for every other engine.</summary>
    public string EngineKey() =>
        KeyOf(file => s_engine.Any(part => file.StartsWith(part, StringComparison.Ordinal)));

    /// <summary>Another for other tests.</summary>
    public string TestsKey() => KeyOf(file =>
        FixtureTable.Projects.Any(project => file.StartsWith(project + "/", StringComparison.Ordinal)));

    /// <summary>
    /// Makes the copy, with these files changed. What is the same already is not written, so that a build
    /// makes only what it must.
    /// </summary>
    public void Write(IReadOnlyDictionary<string, string> changed)
    {
        foreach (string file in _files)
        {
            byte[] content = changed.TryGetValue(file, out string? text)
                ? Encoding.UTF8.GetBytes(text)
                : File.ReadAllBytes(Path.Combine(_root, file));
            WriteIfOther(file, content);
        }

        byte[] code = Resource("GainMutants.cs");
        WriteIfOther("Gain.Runtime/GainMutants.cs", code);
        WriteIfOther("Gain.Generators/GainMutants.cs", code);
        foreach (string project in FixtureTable.Projects)
        {
            WriteIfOther($"{project}/MutantHost.cs", Resource("MutantHost.cs"));
            Remove(project);
        }
    }

    private static byte[] Resource(string name)
    {
        using Stream stream = typeof(ScratchTree).Assembly.GetManifestResourceStream(name)!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    // Tests that are gone, or have another name now.
    private void Remove(string project)
    {
        HashSet<string> kept = [.. _files, $"{project}/MutantHost.cs"];
        string folder = Path.Combine(Copy, project);
        foreach (string path in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            string file = Path.GetRelativePath(Copy, path);
            bool isBuilt = file.StartsWith($"{project}/obj/", StringComparison.Ordinal)
                || file.StartsWith($"{project}/bin/", StringComparison.Ordinal);
            if (!isBuilt && !kept.Contains(file))
            {
                File.Delete(path);
            }
        }
    }

    private void WriteIfOther(string file, byte[] content)
    {
        string path = Path.Combine(Copy, file);
        if (!File.Exists(path) || !content.AsSpan().SequenceEqual(File.ReadAllBytes(path)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }
    }

    private string KeyOf(Func<string, bool> counts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in _files.Where(counts))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file));
            hash.AppendData(File.ReadAllBytes(Path.Combine(_root, file)));
        }

        return Convert.ToHexString(hash.GetHashAndReset())[..16];
    }

    private IEnumerable<string> Listed()
    {
        var start = new ProcessStartInfo("git", ["ls-files", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = _root,
            RedirectStandardOutput = true,
        };
        using Process git = Process.Start(start)!;
        string[] files = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        return git.ExitCode == 0
            ? files
            : throw new InvalidOperationException($"git ls-files failed in {_root}.");
    }
}
