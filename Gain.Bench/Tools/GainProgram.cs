namespace Gain.Bench.Tools;

/// <summary>What is measured: an example as a NativeAOT program.</summary>
internal static class GainProgram
{
    private static readonly TimeSpan s_publishLimit = TimeSpan.FromMinutes(15);

    /// <summary>Takes the server that the user names, or publishes examples/Cli.</summary>
    /// <exception cref="BenchException">There is no such file, or it cannot be built.</exception>
    public static Task<string> FindOrPublishAsync(FileInfo? given, CancellationToken cancellation) =>
        FindOrPublishAsync(given, "Cli", "gain", cancellation);

    /// <summary>Takes the balancer that the user names, or publishes examples/Proxy.</summary>
    /// <exception cref="BenchException">There is no such file, or it cannot be built.</exception>
    public static Task<string> FindOrPublishProxyAsync(FileInfo? given, CancellationToken cancellation) =>
        FindOrPublishAsync(given, "Proxy", "gain-proxy", cancellation);

    private static async Task<string> FindOrPublishAsync(
        FileInfo? given, string example, string name, CancellationToken cancellation)
    {
        if (given is null)
        {
            return await PublishAsync(example, name, cancellation);
        }

        return given.Exists
            ? given.FullName
            : throw new BenchException($"There is no file {given.FullName}.");
    }

    /// <summary>Publishes one of the programs in folders of Gain.Bench.</summary>
    /// <param name="folder">The folder, and the name of its project.</param>
    /// <param name="name">The file that comes out.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="BenchException">It cannot be built.</exception>
    public static Task<string> PublishOwnAsync(
        string folder, string name, CancellationToken cancellation)
    {
        Console.Error.WriteLine($"publishing Gain.Bench/{folder} ...");
        return PublishAsync(
            Path.Combine(Repository.Root, "Gain.Bench", folder, $"{folder}.csproj"),
            Repository.BuildFolder(Path.GetFileNameWithoutExtension(name)), name, cancellation);
    }

    private static Task<string> PublishAsync(string example, string name, CancellationToken cancellation)
    {
        Console.Error.WriteLine(
            $"publishing examples/{example} with NativeAOT (--gain PATH takes a built one) ...");
        return PublishAsync(
            Repository.ExampleProject(example), Repository.BuildFolder(name), name, cancellation);
    }

    /// <summary>Publishes a project.</summary>
    /// <param name="project">Its file.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="name">The file that comes out.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="BenchException">It cannot be built.</exception>
    public static async Task<string> PublishAsync(
        string project, string folder, string name, CancellationToken cancellation)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

        // Without build servers: they would inherit our end of the output, and outlive it.
        string[] words =
        [
            dotnet, "publish", project, "-c", "Release", "-o", folder,
            "--disable-build-servers", "--nologo", "-v", "quiet",
        ];
        await using Child publisher = await Child.RunAsync(words, s_publishLimit, cancellation);
        return publisher.ExitCode == 0
            ? Path.Combine(folder, name)
            : throw new BenchException(string.Join(
                Environment.NewLine, "dotnet publish failed:", publisher.Output, publisher.Errors));
    }
}
