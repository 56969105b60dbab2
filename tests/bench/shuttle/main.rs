// main.rs - lockers TASKS SECTIONS SCHEDULES: so many random schedules of tasks
// with so many critical sections each, of one lock.

use shuttle::scheduler::RandomScheduler;
use shuttle::sync::{Arc, Mutex};
use shuttle::{thread, Config, FailurePersistence, Runner};

fn number(nth: usize) -> usize {
    let word = std::env::args().nth(nth);

    word.and_then(|w| w.parse().ok()).unwrap_or_else(|| {
        eprintln!("usage: lockers TASKS SECTIONS SCHEDULES");
        std::process::exit(2)
    })
}

fn main() {
    let (tasks, sections, schedules) = (number(1), number(2), number(3));
    let mut config = Config::new();

    config.failure_persistence = FailurePersistence::None;
    Runner::new(RandomScheduler::new_from_seed(1, schedules), config).run(move || {
        let lock = Arc::new(Mutex::new(()));
        let all: Vec<_> = (0..tasks)
            .map(|_| {
                let lock = lock.clone();
                thread::spawn(move || {
                    for _ in 0..sections {
                        drop(lock.lock().unwrap());
                    }
                })
            })
            .collect();
        for one in all {
            one.join().unwrap();
        }
    });
}
