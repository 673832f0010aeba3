namespace Gain.Tests.Cli;

/// <summary>A control group whose processes may use one CPU, for as long as a test lasts.</summary>
internal sealed class CpusetGroup : IDisposable
{
    private const string Root = "/sys/fs/cgroup";

    private readonly string _folder;

    private CpusetGroup(string folder) => _folder = folder;

    /// <summary>What starts a program in the group, with a space behind.</summary>
    public string Launcher => $"sh -c 'echo $$ > {_folder}/cgroup.procs && exec \"$@\"' sh ";

    /// <summary>Makes one; leaves the test out where the machine does not let it.</summary>
    public static CpusetGroup Make(int cpu)
    {
        string parent = FindParent();
        string folder = Path.Combine(parent, $"gain-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Assert.Ignore($"no control group may be made in {parent}: {refused.Message}");
        }

        try
        {
            // Version 1 takes no process into a group that has no memory; in version 2 it is the parent's.
            string memory = Path.Combine(folder, "cpuset.mems");
            if (File.ReadAllText(memory).Trim().Length == 0 && parent != Root)
            {
                File.WriteAllText(memory, File.ReadAllText(Path.Combine(parent, "cpuset.mems")).Trim());
            }

            File.WriteAllText(Path.Combine(folder, "cpuset.cpus"), $"{cpu}");
            return new CpusetGroup(folder);
        }
        catch
        {
            Directory.Delete(folder);
            throw;
        }
    }

    public void Dispose() => Directory.Delete(_folder);

    // Version 1 mounts the controller by itself; in version 2 the root has to give it to its children.
    private static string FindParent()
    {
        string first = Path.Combine(Root, "cpuset");
        if (File.Exists(Path.Combine(first, "cpuset.cpus")))
        {
            return first;
        }

        string given = Path.Combine(Root, "cgroup.subtree_control");
        if (!File.Exists(given) || !File.ReadAllText(given).Split().Contains("cpuset"))
        {
            Assert.Ignore($"{Root} has no cpuset controller for new control groups");
        }

        return Root;
    }
}
