//! Metrics of the process, with the names that the Prometheus clients of other languages use.

use std::{
    fmt, fs,
    time::{SystemTime, UNIX_EPOCH},
};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{counter::ConstCounter, gauge::ConstGauge},
};
use rustix::{
    process::{Resource, getrlimit},
    time::{ClockId, clock_gettime},
};

/// Reads the state of this process when the metrics are requested.
#[derive(Debug)]
pub(crate) struct ProcessCollector {
    started: f64,
}

impl Default for ProcessCollector {
    fn default() -> Self {
        let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { started: started.as_secs_f64() }
    }
}

impl Collector for ProcessCollector {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let cpu = clock_gettime(ClockId::ProcessCPUTime);
        let seconds = cpu.tv_sec as f64 + cpu.tv_nsec as f64 / 1e9;
        write(&mut encoder, "process_cpu_seconds", "Processor time used", &ConstCounter::new(seconds))?;
        let mut gauge = |name: &str, help: &str, value: Option<f64>| match value {
            Some(value) => write(&mut encoder, name, help, &ConstGauge::new(value)),
            None => Ok(()),
        };
        gauge(
            "process_start_time_seconds",
            "When the node started, in seconds since 1970",
            Some(self.started),
        )?;
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        gauge("process_resident_memory_bytes", "Memory in use", field(&status, "VmRSS:"))?;
        gauge("process_virtual_memory_bytes", "Address space in use", field(&status, "VmSize:"))?;
        gauge("process_virtual_memory_max_bytes", "Limit of the address space", limit(Resource::As))?;
        gauge("process_open_fds", "Open files and connections", open_files())?;
        gauge("process_max_fds", "Limit of open files and connections", limit(Resource::Nofile))
    }
}

fn write(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    metric: &impl EncodeMetric,
) -> Result<(), fmt::Error> {
    metric.encode(encoder.encode_descriptor(name, help, None, metric.metric_type())?)
}

/// A field of `/proc/self/status` (proc_pid_status(5)), which is in kB. Bytes.
fn field(status: &str, name: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok()? * 1_024.0)
}

/// A limit of this process; -1 for none, as other clients write it.
fn limit(resource: Resource) -> Option<f64> {
    Some(getrlimit(resource).current.map_or(-1.0, |limit| limit as f64))
}

/// How many file descriptors are open. The one that reads the folder does not count.
fn open_files() -> Option<f64> {
    Some(fs::read_dir("/proc/self/fd").ok()?.count().saturating_sub(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_in_bytes() {
        let status = "Name:\tcordboard\nVmSize:\t  123456 kB\nVmRSS:\t    2048 kB\n";
        assert_eq!(field(status, "VmRSS:"), Some(2_097_152.0));
        assert_eq!(field(status, "VmSwap:"), None);
        assert_eq!(field("VmRSS: many kB", "VmRSS:"), None);
    }

    #[test]
    fn this_process_has_open_files_below_its_limit() {
        let (open, max) = (open_files().unwrap(), limit(Resource::Nofile).unwrap());
        assert!(open >= 3.0 && (max < 0.0 || open < max), "{open} of {max}");
    }
}
