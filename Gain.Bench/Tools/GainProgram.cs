namespace Gain.Bench.Tools;

/// <summary>The server that is measured: examples/Cli as a NativeAOT program.</summary>
internal static class GainProgram
{
    private static readonly TimeSpan s_publishLimit = TimeSpan.FromMinutes(15);

    /// <summary>Takes the program that the user names, or publishes it.</summary>
    /// <exception cref="BenchException">There is no such file, or it cannot be built.</exception>
    public static async Task<string> FindOrPublishAsync(FileInfo? given, CancellationToken cancellation)
    {
        if (given is null)
        {
            return await PublishAsync(cancellation);
        }

        return given.Exists
            ? given.FullName
            : throw new BenchException($"There is no file {given.FullName}.");
    }

    private static async Task<string> PublishAsync(CancellationToken cancellation)
    {
        Console.Error.WriteLine("publishing examples/Cli with NativeAOT (--gain PATH takes a built one) ...");
        string folder = Repository.BuildFolder("gain");
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

        // Without build servers: they would inherit our end of the output, and outlive it.
        string[] words =
        [
            dotnet, "publish", Repository.CliProject, "-c", "Release", "-o", folder,
            "--disable-build-servers", "--nologo", "-v", "quiet",
        ];
        await using Child publisher = await Child.RunAsync(words, s_publishLimit, cancellation);
        return publisher.ExitCode == 0
            ? Path.Combine(folder, "gain")
            : throw new BenchException(string.Join(
                Environment.NewLine, "dotnet publish failed:", publisher.Output, publisher.Errors));
    }
}
